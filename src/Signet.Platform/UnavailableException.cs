namespace Signet.Platform;

/// <summary>Something that a request needs is not to be had right now, and may be again in a moment. Answered with 503; nothing was done.</summary>
public class UnavailableException : Exception
{
    public UnavailableException() : base("Not available right now.")
    {
    }

    public UnavailableException(string message) : base(message)
    {
    }

    public UnavailableException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
