namespace LivenessEngine.Time;

/// <summary>Something that serves clients, by whom heartbeats come in.</summary>
internal interface IIntake
{
    /// <summary>Asks whether it keeps up. The next question waits for the answer to this one.</summary>
    /// <param name="answer">Called by any thread when everybody has had a turn for whom something had come before the question.</param>
    void Ask(Action answer);
}
