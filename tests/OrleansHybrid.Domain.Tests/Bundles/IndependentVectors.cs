namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Signatures that other software made (Python's cryptography 48, by the specification's text), over three files; the private key was thrown away.</summary>
internal static class IndependentVectors
{
    public const string KeyId = "ae81e85254966529405c21dcd1bfcc180e797ea310ab711abd7a1c055518710c";

    public const string PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEM6m3su4AGauI3ljnbSAJYrVxa2nJ
        y91SkIH3QDBEtWx1Ff/HLXg1wRuYgR4VdlMLIiF76LVutkE8deZg6pbHrQ==
        -----END PUBLIC KEY-----

        """;

    /// <summary>Listed byte by byte, as the specification orders names.</summary>
    public const string InSpecificationOrder = """
        {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"ae81e85254966529405c21dcd1bfcc180e797ea310ab711abd7a1c055518710c"},"tlogEntries":[]},"dsseEnvelope":{"payload":"eyJfdHlwZSI6ICJodHRwczovL2luLXRvdG8uaW8vU3RhdGVtZW50L3YxIiwgInN1YmplY3QiOiBbeyJuYW1lIjogIjEiLCAiZGlnZXN0IjogeyJzaGEyNTYiOiAiM2RlY2FlY2UzYmFkMjFlZWY2MzgyYTA5OWJkOGRlOTUwYzViYzA3MGM2Y2FmZmQ4NTk1YzFjYWExMmNhZDk0ZCJ9fV0sICJwcmVkaWNhdGVUeXBlIjogImh0dHBzOi8vbW9kZWxfc2lnbmluZy9zaWduYXR1cmUvdjEuMCIsICJwcmVkaWNhdGUiOiB7InJlc291cmNlcyI6IFt7Im5hbWUiOiAibW9kZWwueWFtbCIsICJhbGdvcml0aG0iOiAic2hhMjU2IiwgImRpZ2VzdCI6ICIwOWQ5YzQ3M2FlODVjYWM4YTQwYmUzYmZmMmU3YzZiMGU2OTc1NGU5Yjc3OWUxYTNlNDc3YzllZmU1ZmQ2Mjk3In0sIHsibmFtZSI6ICJwcm9iZXMuanNvbiIsICJhbGdvcml0aG0iOiAic2hhMjU2IiwgImRpZ2VzdCI6ICJjYTNkMTYzYmFiMDU1MzgxODI3MjI2MTQwNTY4ZjNiZWY3ZWFhYzE4N2NlYmQ3Njg3OGUwYjYzZTllNDQyMzU2In0sIHsibmFtZSI6ICJwcm9iZXMvY2xpcC53YXYiLCAiYWxnb3JpdGhtIjogInNoYTI1NiIsICJkaWdlc3QiOiAiYTQwZmYzZDU5MDBmYjc2OThiOGM4NjUwNDEzNDdjYjQ5ZWNjZWRjOGY5Mzk0NWY4OTYyOWFkMTA0YWFlY2NlNCJ9XSwgInNlcmlhbGl6YXRpb24iOiB7Im1ldGhvZCI6ICJmaWxlcyIsICJoYXNoX3R5cGUiOiAic2hhMjU2IiwgImFsbG93X3N5bWxpbmtzIjogZmFsc2UsICJpZ25vcmVfcGF0aHMiOiBbIi5naXQiXX19fQ==","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"MEQCIC0UYWwQ4Mfk1x1lB26HIicxAICnHdg1B6WoJ1DjV/SSAiACGPYc+NHs1cGOxLoOlabZftrF+vEA1n2/fxlgwONwuw==","keyid":""}]}}
        """;

    /// <summary>Listed by folder, then name, as the reference implementation orders them: <c>probes/clip.wav</c> before <c>probes.json</c>.</summary>
    public const string InReferenceOrder = """
        {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"ae81e85254966529405c21dcd1bfcc180e797ea310ab711abd7a1c055518710c"},"tlogEntries":[]},"dsseEnvelope":{"payload":"eyJfdHlwZSI6ICJodHRwczovL2luLXRvdG8uaW8vU3RhdGVtZW50L3YxIiwgInN1YmplY3QiOiBbeyJuYW1lIjogIjEiLCAiZGlnZXN0IjogeyJzaGEyNTYiOiAiN2E3YjUzZTYxMDM1NjMyNDdjM2I3MWM5ZDY2ZGIxNzJlMDkwYjkzYjVjNjgyZjZiZjExOGFmNDU1NTU3YTgxOSJ9fV0sICJwcmVkaWNhdGVUeXBlIjogImh0dHBzOi8vbW9kZWxfc2lnbmluZy9zaWduYXR1cmUvdjEuMCIsICJwcmVkaWNhdGUiOiB7InJlc291cmNlcyI6IFt7Im5hbWUiOiAibW9kZWwueWFtbCIsICJhbGdvcml0aG0iOiAic2hhMjU2IiwgImRpZ2VzdCI6ICIwOWQ5YzQ3M2FlODVjYWM4YTQwYmUzYmZmMmU3YzZiMGU2OTc1NGU5Yjc3OWUxYTNlNDc3YzllZmU1ZmQ2Mjk3In0sIHsibmFtZSI6ICJwcm9iZXMvY2xpcC53YXYiLCAiYWxnb3JpdGhtIjogInNoYTI1NiIsICJkaWdlc3QiOiAiYTQwZmYzZDU5MDBmYjc2OThiOGM4NjUwNDEzNDdjYjQ5ZWNjZWRjOGY5Mzk0NWY4OTYyOWFkMTA0YWFlY2NlNCJ9LCB7Im5hbWUiOiAicHJvYmVzLmpzb24iLCAiYWxnb3JpdGhtIjogInNoYTI1NiIsICJkaWdlc3QiOiAiY2EzZDE2M2JhYjA1NTM4MTgyNzIyNjE0MDU2OGYzYmVmN2VhYWMxODdjZWJkNzY4NzhlMGI2M2U5ZTQ0MjM1NiJ9XSwgInNlcmlhbGl6YXRpb24iOiB7Im1ldGhvZCI6ICJmaWxlcyIsICJoYXNoX3R5cGUiOiAic2hhMjU2IiwgImFsbG93X3N5bWxpbmtzIjogZmFsc2UsICJpZ25vcmVfcGF0aHMiOiBbIi5naXQiXX19fQ==","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"MEUCIQDSPyk3svcRyVYeuUQud1YGA9PbMIrpb+p2H2szmeN/hQIgPDlZg0/DLtlJYppyti8ohMeiAwbNpKOBKRp6h3pE0UU=","keyid":""}]}}
        """;

    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>
    {
        ["model.yaml"] = "model: a\n"u8.ToArray(),
        ["probes.json"] = "{}\n"u8.ToArray(),
        ["probes/clip.wav"] = "RIFF"u8.ToArray(),
    };
}
