"""The Go types of a network's document: types.NetworkResource."""

from __future__ import annotations

from simulator.apitypes.network import IPAM

NETWORK = """\
types.NetworkResource
  Name string
  ID string json=Id
  Created time.Time
  Scope string
  Driver string
  EnableIPv6 bool
  IPAM network.IPAM
  Internal bool
  Attachable bool
  Ingress bool
  ConfigFrom network.ConfigReference
  ConfigOnly bool
  Containers map[string]types.EndpointResource
  Options map[string]string
  Labels map[string]string
  Peers []network.PeerInfo omitempty
  Services map[string]network.ServiceInfo omitempty
types.EndpointResource
  Name string
  EndpointID string
  MacAddress string
  IPv4Address string
  IPv6Address string
network.PeerInfo
  Name string
  IP string
network.ServiceInfo
  VIP string
  Ports []string
  LocalLBIndex int
  Tasks []network.Task
network.Task
  Name string
  EndpointID string
  EndpointIP string
  Info map[string]string
"""
NETWORK += IPAM
