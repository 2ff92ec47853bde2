using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The cell's four ports: two of Kestrel (REST and gRPC, both https where the cell has a certificate), two of Orleans.</summary>
internal static class CellPorts
{
    public static WebApplicationBuilder AddCellPorts(this WebApplicationBuilder builder, CellSettings cell, CellTls tls)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(cell.Http, listen => Open(listen, tls.Listener is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2, tls));
            kestrel.Listen(cell.Grpc, listen => Open(listen, HttpProtocols.Http2, tls));
        });
        return builder;
    }

    /// <summary>Without TLS nothing tells a client which protocol is meant, so each port has one; with it, REST may be either.</summary>
    private static void Open(ListenOptions listen, HttpProtocols protocols, CellTls tls)
    {
        listen.Protocols = protocols;
        tls.Listener?.Secure(listen);
    }

    /// <summary>Tries the ports before anything starts, so that a taken one is named by its setting.</summary>
    public static void RefuseTaken(CellSettings cell)
    {
        Try(SettingTable.Http, cell.Http, cell);
        Try(SettingTable.Grpc, cell.Grpc, cell);
        Try(SettingTable.SiloPort, new IPEndPoint(cell.Advertise, cell.SiloPort), cell);
        Try(SettingTable.GatewayPort, new IPEndPoint(cell.Advertise, cell.GatewayPort), cell);
    }

    private static void Try(SettingDefinition setting, IPEndPoint address, CellSettings cell)
    {
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
        }
        catch (SocketException refused)
        {
            throw new StartFailure($"{setting.Flag}: cell '{cell.Cell}' cannot listen on {address}: {Why(refused, setting)}");
        }
    }

    private static string Why(SocketException refused, SettingDefinition setting) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"the port is taken. Stop what uses it, or give another with {setting.Flag}.",
        SocketError.AddressNotAvailable => $"this machine has no such address. Give one of its own with {(setting.IsAddress() ? setting.Flag : SettingTable.Advertise.Flag)}.",
        SocketError.AccessDenied => $"this user may not use that port. Give one above 1023 with {setting.Flag}.",
        _ => $"{refused.SocketErrorCode}. Give another with {setting.Flag}.",
    };

    private static bool IsAddress(this SettingDefinition setting) => setting == SettingTable.Http || setting == SettingTable.Grpc;
}
