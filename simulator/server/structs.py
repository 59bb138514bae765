"""The Go types that the engine decodes requests into: moby's api/types, runconfig, go-connections' nat, go-units.

A line that begins at the margin names a struct, the lines under it its fields, by their names in JSON. `name=type` is a
named type: the engine's words have the name, what may stand there is the type.
"""

from __future__ import annotations

CREATE, UPDATE = "runconfig.ContainerConfigWrapper", "container.UpdateConfig"
EXEC, EXEC_START = "types.ExecConfig", "types.ExecStartCheck"
NETWORK, CONNECT, DISCONNECT = "types.NetworkCreateRequest", "types.NetworkConnect", "types.NetworkDisconnect"
VOLUME, COMMIT = "volume.VolumeCreateBody", "container.Config"

_CONFIG = """\
  Hostname string
  Domainname string
  User string
  AttachStdin bool
  AttachStdout bool
  AttachStderr bool
  ExposedPorts nat.PortSet=map[string]struct {}
  Tty bool
  OpenStdin bool
  StdinOnce bool
  Env []string
  Cmd strslice.StrSlice
  Healthcheck *container.HealthConfig
  ArgsEscaped bool
  Image string
  Volumes map[string]struct {}
  WorkingDir string
  Entrypoint strslice.StrSlice
  NetworkDisabled bool
  MacAddress string
  OnBuild []string
  Labels map[string]string
  StopSignal string
  StopTimeout *int
  Shell strslice.StrSlice
"""
_RESOURCES = """\
  CpuShares int64
  Memory int64
  NanoCpus int64
  CgroupParent string
  BlkioWeight uint16
  BlkioWeightDevice []*blkiodev.WeightDevice
  BlkioDeviceReadBps []*blkiodev.ThrottleDevice
  BlkioDeviceWriteBps []*blkiodev.ThrottleDevice
  BlkioDeviceReadIOps []*blkiodev.ThrottleDevice
  BlkioDeviceWriteIOps []*blkiodev.ThrottleDevice
  CpuPeriod int64
  CpuQuota int64
  CpuRealtimePeriod int64
  CpuRealtimeRuntime int64
  CpusetCpus string
  CpusetMems string
  Devices []container.DeviceMapping
  DeviceCgroupRules []string
  DeviceRequests []container.DeviceRequest
  KernelMemory int64
  KernelMemoryTCP int64
  MemoryReservation int64
  MemorySwap int64
  MemorySwappiness *int64
  OomKillDisable *bool
  PidsLimit *int64
  Ulimits []*units.Ulimit
  CpuCount int64
  CpuPercent int64
  IOMaximumIOps uint64
  IOMaximumBandwidth uint64
"""
STRUCTS = f"""\
container.Config
{_CONFIG}\
runconfig.ContainerConfigWrapper
{_CONFIG}\
  HostConfig *container.HostConfig
  NetworkingConfig *network.NetworkingConfig
container.UpdateConfig
{_RESOURCES}\
  RestartPolicy container.RestartPolicy
container.HostConfig
  Binds []string
  ContainerIDFile string
  LogConfig container.LogConfig
  NetworkMode container.NetworkMode=string
  PortBindings nat.PortMap=map[string][]nat.PortBinding
  RestartPolicy container.RestartPolicy
  AutoRemove bool
  VolumeDriver string
  VolumesFrom []string
  CapAdd strslice.StrSlice
  CapDrop strslice.StrSlice
  CgroupnsMode container.CgroupnsMode=string
  Dns []string
  DnsOptions []string
  DnsSearch []string
  ExtraHosts []string
  GroupAdd []string
  IpcMode container.IpcMode=string
  Cgroup container.CgroupSpec=string
  Links []string
  OomScoreAdj int
  PidMode container.PidMode=string
  Privileged bool
  PublishAllPorts bool
  ReadonlyRootfs bool
  SecurityOpt []string
  StorageOpt map[string]string
  Tmpfs map[string]string
  UTSMode container.UTSMode=string
  UsernsMode container.UsernsMode=string
  ShmSize int64
  Sysctls map[string]string
  Runtime string
  ConsoleSize [2]uint
  Isolation container.Isolation=string
{_RESOURCES}\
  Mounts []mount.Mount
  MaskedPaths []string
  ReadonlyPaths []string
  Init *bool
container.HealthConfig
  Test []string
  Interval time.Duration=int64
  Timeout time.Duration=int64
  StartPeriod time.Duration=int64
  Retries int
container.LogConfig
  Type string
  Config map[string]string
container.RestartPolicy
  Name string
  MaximumRetryCount int
container.DeviceMapping
  PathOnHost string
  PathInContainer string
  CgroupPermissions string
container.DeviceRequest
  Driver string
  Count int
  DeviceIDs []string
  Capabilities [][]string
  Options map[string]string
blkiodev.WeightDevice
  Path string
  Weight uint16
blkiodev.ThrottleDevice
  Path string
  Rate uint64
units.Ulimit
  Name string
  Hard int64
  Soft int64
nat.PortBinding
  HostIp string
  HostPort string
mount.Mount
  Type mount.Type=string
  Source string
  Target string
  ReadOnly bool
  Consistency mount.Consistency=string
  BindOptions *mount.BindOptions
  VolumeOptions *mount.VolumeOptions
  TmpfsOptions *mount.TmpfsOptions
mount.BindOptions
  Propagation mount.Propagation=string
  NonRecursive bool
mount.VolumeOptions
  NoCopy bool
  Labels map[string]string
  DriverConfig *mount.Driver
mount.Driver
  Name string
  Options map[string]string
mount.TmpfsOptions
  SizeBytes int64
  Mode fs.FileMode=uint32
network.NetworkingConfig
  EndpointsConfig map[string]*network.EndpointSettings
network.EndpointSettings
  IPAMConfig *network.EndpointIPAMConfig
  Links []string
  Aliases []string
  NetworkID string
  EndpointID string
  Gateway string
  IPAddress string
  IPPrefixLen int
  IPv6Gateway string
  GlobalIPv6Address string
  GlobalIPv6PrefixLen int
  MacAddress string
  DriverOpts map[string]string
network.EndpointIPAMConfig
  IPv4Address string
  IPv6Address string
  LinkLocalIPs []string
types.NetworkCreateRequest
  CheckDuplicate bool
  Driver string
  Scope string
  EnableIPv6 bool
  IPAM *network.IPAM
  Internal bool
  Attachable bool
  Ingress bool
  ConfigOnly bool
  ConfigFrom *network.ConfigReference
  Options map[string]string
  Labels map[string]string
  Name string
network.IPAM
  Driver string
  Options map[string]string
  Config []network.IPAMConfig
network.IPAMConfig
  Subnet string
  IPRange string
  Gateway string
  AuxiliaryAddresses map[string]string
network.ConfigReference
  Network string
types.NetworkConnect
  Container string
  EndpointConfig *network.EndpointSettings
types.NetworkDisconnect
  Container string
  Force bool
types.ExecConfig
  User string
  Privileged bool
  Tty bool
  AttachStdin bool
  AttachStderr bool
  AttachStdout bool
  Detach bool
  DetachKeys string
  Env []string
  WorkingDir string
  Cmd []string
types.ExecStartCheck
  Detach bool
  Tty bool
volume.VolumeCreateBody
  Driver string
  DriverOpts map[string]string
  Labels map[string]string
  Name string
"""
