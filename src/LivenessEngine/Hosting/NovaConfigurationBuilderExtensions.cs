using LivenessEngine.Configuration;

namespace Microsoft.Extensions.Configuration;

/// <summary>Reads Nova's own configuration file.</summary>
public static class NovaConfigurationBuilderExtensions
{
    /// <summary>
    /// Adds a file in oslo.config's format, such as <c>/etc/nova/nova.conf</c>; options are <c>section:option</c>. What
    /// stands for other options (<c>$name</c>) is resolved when the service group reads it.
    /// </summary>
    /// <param name="builder">The builder to add to.</param>
    /// <param name="path">The file. It is read once, when the configuration is built.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="LivenessEngine.ServiceGroupConfigurationException">
    /// The file cannot be read, or a line is none that is allowed: thrown when the configuration is built.
    /// </exception>
    public static IConfigurationBuilder AddNovaConfigFile(this IConfigurationBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.Add(new OsloConfigurationSource(path));
    }
}
