namespace Signet.Platform;

/// <summary>
/// Something outside the program must be put right before it can run. The message is one line that names what is wrong and what to do;
/// the host prints it alone and ends.
/// </summary>
public class StartRefusedException : Exception
{
    public StartRefusedException()
    {
    }

    public StartRefusedException(string message) : base(message)
    {
    }

    public StartRefusedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
