"""Types of networks: api/types/network."""

from __future__ import annotations

ENDPOINT = """\
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
  IPv4Address string omitempty
  IPv6Address string omitempty
  LinkLocalIPs []string omitempty
"""

IPAM = """\
network.IPAM
  Driver string
  Options map[string]string
  Config []network.IPAMConfig
network.IPAMConfig
  Subnet string omitempty
  IPRange string omitempty
  Gateway string omitempty
  AuxAddress map[string]string json=AuxiliaryAddresses omitempty
network.ConfigReference
  Network string
"""
