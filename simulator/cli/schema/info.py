"""The Go types of the engine's own documents: types.Info and types.Version."""

from __future__ import annotations

INFO = """\
types.Info
  ID string
  Containers int
  ContainersRunning int
  ContainersPaused int
  ContainersStopped int
  Images int
  Driver string
  DriverStatus [][2]string
  SystemStatus [][2]string omitempty
  Plugins types.PluginsInfo
  MemoryLimit bool
  SwapLimit bool
  KernelMemory bool
  KernelMemoryTCP bool
  CPUCfsPeriod bool json=CpuCfsPeriod
  CPUCfsQuota bool json=CpuCfsQuota
  CPUShares bool
  CPUSet bool
  PidsLimit bool
  IPv4Forwarding bool
  BridgeNfIptables bool
  BridgeNfIP6tables bool json=BridgeNfIp6tables
  Debug bool
  NFd int
  OomKillDisable bool
  NGoroutines int
  SystemTime string
  LoggingDriver string
  CgroupDriver string
  CgroupVersion string omitempty
  NEventsListener int
  KernelVersion string
  OperatingSystem string
  OSVersion string
  OSType string
  Architecture string
  IndexServerAddress string
  RegistryConfig *registry.ServiceConfig
  NCPU int
  MemTotal int64
  GenericResources []interface {}
  DockerRootDir string
  HTTPProxy string json=HttpProxy
  HTTPSProxy string json=HttpsProxy
  NoProxy string
  Name string
  Labels []string
  ExperimentalBuild bool
  ServerVersion string
  ClusterStore string omitempty
  ClusterAdvertise string omitempty
  Runtimes map[string]types.Runtime
  DefaultRuntime string
  Swarm swarm.Info
  LiveRestoreEnabled bool
  Isolation container.Isolation=string
  InitBinary string
  ContainerdCommit types.Commit
  RuncCommit types.Commit
  InitCommit types.Commit
  SecurityOptions []string
  ProductLicense string omitempty
  DefaultAddressPools []types.NetworkAddressPool omitempty
  Warnings []string
types.PluginsInfo
  Volume []string
  Network []string
  Authorization []string
  Log []string
registry.ServiceConfig
  AllowNondistributableArtifactsCIDRs []registry.NetIPNet=string
  AllowNondistributableArtifactsHostnames []string
  InsecureRegistryCIDRs []registry.NetIPNet=string
  IndexConfigs map[string]*registry.IndexInfo
  Mirrors []string
registry.IndexInfo
  Name string
  Mirrors []string
  Secure bool
  Official bool
types.Runtime
  Path string json=path
  Args []string json=runtimeArgs omitempty
swarm.Info
  NodeID string
  NodeAddr string
  LocalNodeState swarm.LocalNodeState=string
  ControlAvailable bool
  Error string
  RemoteManagers []swarm.Peer
  Nodes int omitempty
  Managers int omitempty
  Cluster *swarm.ClusterInfo omitempty
  Warnings []string omitempty
swarm.ClusterInfo
  ID string
swarm.Peer
  NodeID string
  Addr string
types.Commit
  ID string
  Expected string
types.NetworkAddressPool
  Base string
  Size int
"""

CLIENT_INFO = """\
system.info
  Info *types.Info embedded
  ServerErrors []string omitempty
  ClientInfo *system.clientInfo omitempty
  ClientErrors []string omitempty
system.clientInfo
  Debug bool
  Context string
  Plugins []string
  Warnings []string
"""

VERSION_INFO = """\
system.versionInfo
  Client system.clientVersion
  Server *types.Version
system.clientVersion
  Platform types.Platform omitempty
  Version string
  APIVersion string json=ApiVersion
  DefaultAPIVersion string omitempty
  GitCommit string
  GoVersion string
  Os string
  Arch string
  BuildTime string omitempty
  Context string
  Experimental bool omitempty
types.Version
  Platform types.Platform omitempty
  Components []types.ComponentVersion omitempty
  Version string
  APIVersion string json=ApiVersion
  MinAPIVersion string omitempty
  GitCommit string
  GoVersion string
  Os string
  Arch string
  KernelVersion string omitempty
  Experimental bool omitempty
  BuildTime string omitempty
types.Platform
  Name string
types.ComponentVersion
  Name string
  Version string
  Details map[string]string omitempty
"""
