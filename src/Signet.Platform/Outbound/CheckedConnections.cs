using System.Net;
using System.Net.Sockets;

namespace Signet.Platform.Outbound;

/// <summary>The addresses of a name. Given in tests; otherwise the machine's resolver.</summary>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken ct);

/// <summary>
/// Opens connections to checked addresses only. The name is resolved here and the very address that was checked is connected to,
/// so that a second answer of the name server changes nothing. One bad address among several refuses the name.
/// </summary>
internal sealed class CheckedConnections(bool development, OutboundReach reach, ResolveName resolve)
{
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, ct);
        var plain = context.InitialRequestMessage.RequestUri?.Scheme is "http";
        if (!Array.TrueForAll(addresses, address => IsAllowed(address, plain)))
        {
            throw new AddressRefusedException();
        }

        return await ConnectAsync(addresses, port, ct);
    }

    // Without TLS only this machine, and this machine only in development or where the operator named it.
    public bool IsAllowed(IPAddress address, bool plain) => reach is OutboundReach.Operator
        ? !plain || IPAddress.IsLoopback(address)
        : (development && IPAddress.IsLoopback(address)) || (!plain && SpecialPurposeAddresses.IsPublic(address));

    private static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failed)
            {
                socket.Dispose();
                last = failed;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>The name leads to an address that is not ours to ask. Carries no address: what the inside looks like is nobody's business.</summary>
internal sealed class AddressRefusedException() : IOException("The address is not allowed.");
