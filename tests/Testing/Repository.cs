namespace Signet.Testing;

/// <summary>Where the working copy is, whatever folder the tests run in.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>A fresh folder that nothing else uses; under artifacts, which every account may reach where the clone can be reached.</summary>
    public static string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Artifacts, "tmp", $"{name}-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Signet.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Signet.slnx above {AppContext.BaseDirectory}.");
    }
}
