using Microsoft.Extensions.Configuration;

namespace LivenessEngine.Configuration;

/// <summary>A file in oslo.config's format, such as nova.conf, as a source of configuration: <c>section:option</c>.</summary>
internal sealed class OsloConfigurationSource(string path) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new OsloConfigurationProvider(path);
}
