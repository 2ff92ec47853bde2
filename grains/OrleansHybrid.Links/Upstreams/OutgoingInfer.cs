using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>One permitted request on its way to the transport, which serialises it when a connection is there, and again if it repeats the call.</summary>
/// <remarks>
/// The transport may still serialise on another thread after the call was cancelled. So the message exists only inside <see cref="Serialize"/>, which copies it
/// whole into the transport's buffer; the leases are held until the call is over <em>and</em> no serialisation is under way; after that none can begin.
/// Where it matters who the server is, a connection to one that has not said so yet gets no bytes: the message is <see cref="Withheld"/>.
/// </remarks>
internal sealed class OutgoingInfer
{
    private readonly Crossing crossing;
    private readonly Func<bool> mayGo;
    private readonly TimeProvider clock;
    private readonly long start;
    private readonly TimeSpan timeLeft;
    private readonly Lock gate = new();
    private int readers;
    private bool closed;

    /// <param name="start">The clock's timestamp from which <paramref name="timeLeft"/> counts.</param>
    /// <param name="mayGo">Asked at the last moment, when a connection is there.</param>
    public OutgoingInfer(Crossing crossing, Func<bool> mayGo, long start, TimeSpan timeLeft, TimeProvider clock)
    {
        (this.crossing, this.mayGo, this.start, this.timeLeft, this.clock) = (crossing, mayGo, start, timeLeft, clock);
        foreach (var input in Request.Inputs) input.Data.Share();
    }

    public static Marshaller<OutgoingInfer> Marshaller { get; } =
        Marshallers.Create((OutgoingInfer outgoing, SerializationContext context) => outgoing.Serialize(context), static _ => throw new NotSupportedException("A client reads no requests."));

    /// <summary>The last call ended because the connection was a new one and nothing was sent on it.</summary>
    public bool Withheld { get; private set; }

    private UpstreamRequest Request => crossing.Request;

    /// <summary>The call is over: no serialisation begins any more, and the leases go back with the last one that is under way.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            if (readers > 0) return;
        }

        ReleaseLeases();
    }

    private void Serialize(SerializationContext context)
    {
        if (!TryEnter()) throw new OperationCanceledException("The call is over; its bytes are no longer ours to send.");
        try
        {
            Withheld = !mayGo();
            if (Withheld) throw new OperationCanceledException("The connection is new and its server has not said who it is.");
            var message = RequestMessage.Build(Request, timeLeft - clock.GetElapsedTime(start));
            context.SetPayloadLength(message.CalculateSize());
            crossing.Handed(RawBytes(message));
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        }
        finally
        {
            Leave();
        }
    }

    private static long RawBytes(ModelInferRequest message)
    {
        long bytes = 0;
        foreach (var content in message.RawInputContents) bytes += content.Length;
        return bytes;
    }

    private bool TryEnter()
    {
        lock (gate)
        {
            if (closed) return false;
            readers++;
            return true;
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            readers--;
            if (!closed || readers > 0) return;
        }

        ReleaseLeases();
    }

    private void ReleaseLeases()
    {
        foreach (var input in Request.Inputs) input.Data.Release();
    }
}
