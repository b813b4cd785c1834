using Microsoft.Extensions.Configuration;

namespace LivenessEngine.Configuration;

/// <summary>Reads the file once. Of an option that stands there several times the last counts.</summary>
internal sealed class OsloConfigurationProvider(string path) : ConfigurationProvider
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where an option was set, such as <c>nova.conf:12</c>.</summary>
    public string OriginOf(string key) => $"{path}:{_lines[key]}";

    public override void Load()
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ServiceGroupConfigurationException($"{path}: {fault.Message}", fault);
        }

        foreach (OsloConfigurationFile.Assignment assignment in OsloConfigurationFile.Parse(lines, path))
        {
            string key = ConfigurationPath.Combine(assignment.Section, assignment.Option);
            Data[key] = assignment.Value;
            _lines[key] = assignment.Line;
        }
    }
}
