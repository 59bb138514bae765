"""The Go types of an image's inspect document: types.ImageInspect."""

from __future__ import annotations

IMAGE = """\
types.ImageInspect
  ID string json=Id
  RepoTags []string
  RepoDigests []string
  Parent string
  Comment string
  Created string
  Container string
  ContainerConfig *container.Config
  DockerVersion string
  Author string
  Config *container.Config
  Architecture string
  Variant string omitempty
  Os string
  OsVersion string omitempty
  Size int64
  VirtualSize int64
  GraphDriver types.GraphDriverData
  RootFS types.RootFS
  Metadata types.ImageMetadata
types.RootFS
  Type string
  Layers []string omitempty
  BaseLayer string omitempty
types.ImageMetadata
  LastTagTime time.Time omitempty
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
container.HealthConfig
  Test []string omitempty
  Interval time.Duration omitempty
  Timeout time.Duration omitempty
  StartPeriod time.Duration omitempty
  Retries int omitempty
types.GraphDriverData
  Data map[string]string
  Name string
struct {}

"""
