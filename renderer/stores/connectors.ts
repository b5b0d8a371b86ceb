import { useEffect } from 'react'
import { create } from 'zustand'
import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { api } from '../api/client.ts'
import { onResumed } from '../api/events.ts'

type Connectors = ReadonlyMap<string, ConnectorManifest>

const NONE: Connectors = new Map()
const useStore = create<{ connectors: Connectors }>(() => ({ connectors: NONE }))
let asked = false

/** Every trigger and action by its id, in the order of the palette; empty until the host has answered. */
export function useConnectors(): Connectors {
  useEffect(() => {
    if (!asked) void load()
  }, [])
  return useStore((state) => state.connectors)
}

async function load(): Promise<void> {
  asked = true
  try {
    const manifests = await api.connectors.list()
    useStore.setState({ connectors: new Map(manifests.map((manifest) => [manifest.id, manifest])) })
  } catch {
    // Asked for again by the next screen that needs it, or when the host is back.
    asked = false
  }
}

// A restarted host may be a newer version with more connectors.
onResumed(() => void load())
