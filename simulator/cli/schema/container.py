"""The Go types of a container's inspect document: types.ContainerJSON."""

from __future__ import annotations

from simulator.apitypes.container import CONFIG, HOST_CONFIG
from simulator.apitypes.network import ENDPOINT

CONTAINER = """\
types.ContainerJSON
  ContainerJSONBase *types.ContainerJSONBase embedded
  Mounts []types.MountPoint
  Config *container.Config
  NetworkSettings *types.NetworkSettings
types.ContainerJSONBase
  ID string json=Id
  Created string
  Path string
  Args []string
  State *types.ContainerState
  Image string
  ResolvConfPath string
  HostnamePath string
  HostsPath string
  LogPath string
  Name string
  RestartCount int
  Driver string
  Platform string
  MountLabel string
  ProcessLabel string
  AppArmorProfile string
  ExecIDs []string
  HostConfig *container.HostConfig
  GraphDriver types.GraphDriverData
  SizeRw *int64 omitempty
  SizeRootFs *int64 omitempty
types.ContainerState
  Status string
  Running bool
  Paused bool
  Restarting bool
  OOMKilled bool
  Dead bool
  Pid int
  ExitCode int
  Error string
  StartedAt string
  FinishedAt string
  Health *types.Health omitempty
types.Health
  Status string
  FailingStreak int
  Log []*types.HealthcheckResult
types.HealthcheckResult
  Start time.Time
  End time.Time
  ExitCode int
  Output string
types.GraphDriverData
  Data map[string]string
  Name string
types.MountPoint
  Type mount.Type=string omitempty
  Name string omitempty
  Source string
  Destination string
  Driver string omitempty
  Mode string
  RW bool
  Propagation mount.Propagation=string
types.NetworkSettings
  NetworkSettingsBase types.NetworkSettingsBase embedded
  DefaultNetworkSettings types.DefaultNetworkSettings embedded
  Networks map[string]*network.EndpointSettings
types.NetworkSettingsBase
  Bridge string
  SandboxID string
  HairpinMode bool
  LinkLocalIPv6Address string
  LinkLocalIPv6PrefixLen int
  Ports nat.PortMap=map[nat.Port=string][]nat.PortBinding
  SandboxKey string
  SecondaryIPAddresses []network.Address
  SecondaryIPv6Addresses []network.Address
network.Address
  Addr string
  PrefixLen int
types.DefaultNetworkSettings
  EndpointID string
  Gateway string
  GlobalIPv6Address string
  GlobalIPv6PrefixLen int
  IPAddress string
  IPPrefixLen int
  IPv6Gateway string
  MacAddress string
"""
CONTAINER += CONFIG + HOST_CONFIG + ENDPOINT
