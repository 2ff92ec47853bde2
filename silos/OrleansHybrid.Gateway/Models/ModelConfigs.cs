using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Gateway.Models;

/// <summary>A version's configuration in Triton's words.</summary>
internal static class ModelConfigs
{
    public const string Platform = "onnxruntime_onnx";
    public const string Backend = "onnxruntime";

    private static readonly DataType[] Types =
    [
        DataType.TypeBool, DataType.TypeUint8, DataType.TypeUint16, DataType.TypeUint32, DataType.TypeUint64, DataType.TypeInt8, DataType.TypeInt16,
        DataType.TypeInt32, DataType.TypeInt64, DataType.TypeFp16, DataType.TypeBf16, DataType.TypeFp32, DataType.TypeFp64, DataType.TypeString,
    ];

    public static ModelConfig Make(ModelEntry entry, ModelManifest manifest)
    {
        var batching = manifest.Batching;
        var config = new ModelConfig
        {
            Name = entry.Name,
            Platform = Platform,
            Backend = Backend,
            VersionPolicy = Policy(entry.Policy),
            MaxBatchSize = batching.MaxBatchSize,
            DefaultModelFilename = manifest.Variants.Count > 0 ? manifest.Variants[0].File : "model.onnx",
        };
        foreach (var input in manifest.Inputs) config.Input.Add(new ModelInput { Name = input.Name, DataType = Types[(int)input.DataType], Dims = { Dims(input, batching) } });
        foreach (var output in manifest.Outputs) config.Output.Add(new ModelOutput { Name = output.Name, DataType = Types[(int)output.DataType], Dims = { Dims(output, batching) } });
        foreach (var variant in manifest.Variants) config.InstanceGroup.Add(Group(variant));
        if (batching.MaxBatchSize > 1) config.DynamicBatching = Batching(batching);
        AddParameters(config, manifest);
        return config;
    }

    /// <summary>With batching Triton leaves the batch dimension out.</summary>
    private static IEnumerable<long> Dims(TensorSpec spec, BatchingSettings batching)
    {
        var dims = spec.Shape.ToArray();
        return batching.MaxBatchSize > 0 && dims.Length > 0 && dims[0] == -1 ? dims.Skip(1) : dims;
    }

    private static ModelVersionPolicy Policy(VersionPolicy policy) => policy.Kind switch
    {
        VersionPolicyKind.All => new ModelVersionPolicy { All = new ModelVersionPolicy.Types.All() },
        VersionPolicyKind.Specific => new ModelVersionPolicy { Specific = new ModelVersionPolicy.Types.Specific { Versions = { policy.Specific.Select(v => (long)v) } } },
        _ => new ModelVersionPolicy { Latest = new ModelVersionPolicy.Types.Latest { NumVersions = (uint)policy.Latest } },
    };

    private static ModelInstanceGroup Group(VariantManifest variant) => new()
    {
        Name = variant.Name,
        Count = variant.Instances.Count,
        Kind = ModelInstanceGroup.Types.Kind.Cpu,
    };

    private static ModelDynamicBatching Batching(BatchingSettings batching) => new()
    {
        PreferredBatchSize = { batching.PreferredBatchSizes },
        MaxQueueDelayMicroseconds = (ulong)batching.MaxQueueDelay.TotalMicroseconds,
        DefaultQueuePolicy = new ModelQueuePolicy { MaxQueueSize = (uint)batching.MaxQueueSize, AllowTimeoutOverride = true },
    };

    private static void AddParameters(ModelConfig config, ModelManifest manifest)
    {
        config.Parameters["digest"] = new ModelParameter { StringValue = manifest.Digest };
        foreach (var variant in manifest.Variants)
        {
            config.Parameters[$"zones_{variant.Name}"] = new ModelParameter { StringValue = string.Join(",", variant.Zones.Select(z => z.WireName())) };
        }
    }
}
