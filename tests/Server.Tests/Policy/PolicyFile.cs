using Signet.Testing;

namespace Server.Tests.Policy;

/// <summary>A policy folder of one test's own.</summary>
internal sealed class PolicyFile : IDisposable
{
    public PolicyFile(string json = DecisionTable.Policy)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        Write(json);
    }

    public string Folder { get; } = Repository.NewFolder("policy");

    public void Write(string json) => File.WriteAllText(Path.Combine(Folder, "data", "scopes.json"), json);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
