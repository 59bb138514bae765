"""The Go types of a volume's document: types.Volume."""

from __future__ import annotations

VOLUME = """\
types.Volume
  CreatedAt string omitempty
  Driver string
  Labels map[string]string
  Mountpoint string
  Name string
  Options map[string]string
  Scope string
  Status map[string]interface {} omitempty
  UsageData *types.VolumeUsageData omitempty
types.VolumeUsageData
  RefCount int64
  Size int64
"""
