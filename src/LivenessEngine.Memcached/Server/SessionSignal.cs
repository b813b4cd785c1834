namespace LivenessEngine.Memcached.Server;

/// <summary>Why a session stopped taking input.</summary>
internal enum SessionSignal
{
    /// <summary>All complete requests are done.</summary>
    NeedMore,

    /// <summary>Enough replies have piled up; go on when they are on their way.</summary>
    Flush,

    /// <summary>A long reply has more to look through, and nothing to send yet; others go first.</summary>
    Pause,

    /// <summary>It has done as many requests as it may in a row (<see cref="Turn.RequestsLeft"/>), and there are more.</summary>
    Yield,

    /// <summary>Send the replies and close.</summary>
    Close,

    /// <summary>The client has said who it is, and may go on; send the reply.</summary>
    Authenticated,

    /// <summary>The connection now follows events (<see cref="Session.Watch"/>).</summary>
    Watch,
}
