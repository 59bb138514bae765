"""The Go types that the engine decodes requests into: wrappers around those that it shares with the client."""

from __future__ import annotations

from simulator.apitypes.container import CONFIG, HOST_CONFIG
from simulator.apitypes.network import ENDPOINT, IPAM

CREATE, UPDATE = "runconfig.ContainerConfigWrapper", "container.UpdateConfig"
EXEC, EXEC_START = "types.ExecConfig", "types.ExecStartCheck"
NETWORK, CONNECT, DISCONNECT = "types.NetworkCreateRequest", "types.NetworkConnect", "types.NetworkDisconnect"
VOLUME, COMMIT = "volume.VolumeCreateBody", "container.Config"

# Old clients have the fields of HostConfig beside those of Config.
_WRAPPERS = """\
runconfig.ContainerConfigWrapper
  OldHostConfig *container.HostConfig embedded
  Config *container.Config embedded
  InnerHostConfig *container.HostConfig json=HostConfig
  NetworkingConfig *network.NetworkingConfig
container.UpdateConfig
  Resources container.Resources embedded
  RestartPolicy container.RestartPolicy
network.NetworkingConfig
  EndpointsConfig map[string]*network.EndpointSettings
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
STRUCTS = _WRAPPERS + CONFIG + HOST_CONFIG + ENDPOINT + IPAM
