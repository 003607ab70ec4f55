using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Permissions;

namespace Signet.Server;

/// <summary>What the description of the management API says beyond what its routes say by themselves: how to authenticate, and what each call needs.</summary>
internal static class OpenApiNotes
{
    private const string ApiKey = "api_key";

    public static void AddManagementApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        // Records are nested in their use case, so that many bear one short name.
        options.CreateSchemaReferenceId = type => type.Type is { IsNested: true, IsGenericType: false, DeclaringType: { } within }
            ? within.Name + type.Type.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type, context.JsonPropertyInfo?.IsSetNullable is true);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context.Description.ActionDescriptor.EndpointMetadata.OfType<Requirement>().LastOrDefault());
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Signet management API",
            Version = "v1",
            Description = "Everything the console does. Refusals are application/problem+json (RFC 9457) with a stable code and a reference to quote.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[ApiKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key made in the console or by POST /api/v1/api-keys.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKey, document)] = [] }];
    }

    // Our converters, which hold texts to what can be stored and ids to their form, hide from the framework that both are texts.
    private static void Describe(OpenApiSchema schema, Type type, bool mayBeNull)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var isId = type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>));
        if (schema.Type is null && (isId || type == typeof(string)))
        {
            schema.Type = mayBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Format = isId ? "uuid" : null;
        }

        if (type == typeof(Given<DateTimeOffset>))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }

        if (type == typeof(Given<int>))
        {
            schema.Type = JsonSchemaType.Integer | JsonSchemaType.Null;
            schema.Format = "int32";
        }
    }

    private static void Describe(OpenApiOperation operation, Requirement? requirement)
    {
        if (requirement?.Permission is { } permission)
        {
            operation.Description = $"Needs the permission {SnakeCase.Of(permission)}.";
        }
        else
        {
            // An empty list takes back what the document asks for everywhere.
            operation.Security = [];
        }
    }
}
