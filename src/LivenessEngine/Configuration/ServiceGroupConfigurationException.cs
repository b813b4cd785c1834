namespace LivenessEngine;

/// <summary>A configuration is wrong; the message names the file, the line, the option and what is allowed.</summary>
public sealed class ServiceGroupConfigurationException : Exception
{
    /// <summary>With a message that names what is wrong and what is allowed.</summary>
    public ServiceGroupConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message that names what is wrong and what is allowed, and what it came from.</summary>
    public ServiceGroupConfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
