"""Types of containers: api/types/container and what it has of others."""

from __future__ import annotations

CONFIG = """\
container.Config
  Hostname string
  Domainname string
  User string
  AttachStdin bool
  AttachStdout bool
  AttachStderr bool
  ExposedPorts nat.PortSet=map[nat.Port=string]struct {} omitempty
  Tty bool
  OpenStdin bool
  StdinOnce bool
  Env []string
  Cmd strslice.StrSlice=[]string
  Healthcheck *container.HealthConfig omitempty
  ArgsEscaped bool omitempty
  Image string
  Volumes map[string]struct {}
  WorkingDir string
  Entrypoint strslice.StrSlice=[]string
  NetworkDisabled bool omitempty
  MacAddress string omitempty
  OnBuild []string
  Labels map[string]string
  StopSignal string omitempty
  StopTimeout *int omitempty
  Shell strslice.StrSlice=[]string omitempty
struct {}
container.HealthConfig
  Test []string omitempty
  Interval time.Duration omitempty
  Timeout time.Duration omitempty
  StartPeriod time.Duration omitempty
  Retries int omitempty
"""

HOST_CONFIG = """\
container.HostConfig
  Binds []string
  ContainerIDFile string
  LogConfig container.LogConfig
  NetworkMode container.NetworkMode=string
  PortBindings nat.PortMap=map[nat.Port=string][]nat.PortBinding
  RestartPolicy container.RestartPolicy
  AutoRemove bool
  VolumeDriver string
  VolumesFrom []string
  CapAdd strslice.StrSlice=[]string
  CapDrop strslice.StrSlice=[]string
  CgroupnsMode container.CgroupnsMode=string
  DNS []string json=Dns
  DNSOptions []string json=DnsOptions
  DNSSearch []string json=DnsSearch
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
  StorageOpt map[string]string omitempty
  Tmpfs map[string]string omitempty
  UTSMode container.UTSMode=string
  UsernsMode container.UsernsMode=string
  ShmSize int64
  Sysctls map[string]string omitempty
  Runtime string omitempty
  ConsoleSize [2]uint
  Isolation container.Isolation=string
  Resources container.Resources embedded
  Mounts []mount.Mount omitempty
  MaskedPaths []string
  ReadonlyPaths []string
  Init *bool omitempty
container.LogConfig
  Type string
  Config map[string]string
nat.PortBinding
  HostIP string json=HostIp
  HostPort string
container.RestartPolicy
  Name string
  MaximumRetryCount int
container.Resources
  CPUShares int64 json=CpuShares
  Memory int64
  NanoCPUs int64 json=NanoCpus
  CgroupParent string
  BlkioWeight uint16
  BlkioWeightDevice []*blkiodev.WeightDevice
  BlkioDeviceReadBps []*blkiodev.ThrottleDevice
  BlkioDeviceWriteBps []*blkiodev.ThrottleDevice
  BlkioDeviceReadIOps []*blkiodev.ThrottleDevice
  BlkioDeviceWriteIOps []*blkiodev.ThrottleDevice
  CPUPeriod int64 json=CpuPeriod
  CPUQuota int64 json=CpuQuota
  CPURealtimePeriod int64 json=CpuRealtimePeriod
  CPURealtimeRuntime int64 json=CpuRealtimeRuntime
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
  CPUCount int64 json=CpuCount
  CPUPercent int64 json=CpuPercent
  IOMaximumIOps uint64
  IOMaximumBandwidth uint64
blkiodev.WeightDevice
  Path string
  Weight uint16
blkiodev.ThrottleDevice
  Path string
  Rate uint64
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
units.Ulimit
  Name string
  Hard int64
  Soft int64
mount.Mount
  Type mount.Type=string omitempty
  Source string omitempty
  Target string omitempty
  ReadOnly bool omitempty
  Consistency mount.Consistency=string omitempty
  BindOptions *mount.BindOptions omitempty
  VolumeOptions *mount.VolumeOptions omitempty
  TmpfsOptions *mount.TmpfsOptions omitempty
mount.BindOptions
  Propagation mount.Propagation=string omitempty
  NonRecursive bool omitempty
mount.VolumeOptions
  NoCopy bool omitempty
  Labels map[string]string omitempty
  DriverConfig *mount.Driver omitempty
mount.Driver
  Name string omitempty
  Options map[string]string omitempty
mount.TmpfsOptions
  SizeBytes int64 omitempty
  Mode fs.FileMode=uint32 omitempty
"""
