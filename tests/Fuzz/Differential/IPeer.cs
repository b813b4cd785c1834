namespace LivenessEngine.Fuzz.Differential;

/// <summary>One of the two servers that are compared.</summary>
internal interface IPeer
{
    /// <summary>Sends on the connection that all share, and returns what comes up to the last reply; less where the server closes.</summary>
    string Ask(string requests, string lastReply);

    /// <summary>Sends on a connection of its own, says that no more will come, and returns all replies.</summary>
    string AskAlone(string requests);
}
