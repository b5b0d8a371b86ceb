import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'

/** A connector as far as operations on drafts look at it. */
export const manifest = (id: string, kind: 'trigger' | 'action'): ConnectorManifest => ({
  id,
  kind,
  title: id,
  description: '',
  keywords: [],
  icon: 'zap',
  category: 'logic',
  input: { type: 'object', properties: {} },
  ports: [{ id: 'main' }],
  portsFrom: null,
  isLoop: false,
  bodyField: null,
  itemFields: [],
  verbatim: [],
  summary: '',
  sample: null,
  effect: 'none',
})

export const MANIFESTS = [
  manifest('webhook.catch', 'trigger'),
  manifest('manual.run', 'trigger'),
  manifest('logic.filter', 'action'),
  manifest('http.request', 'action'),
  manifest('now', 'action'),
]

export const isTrigger = (uses: string): boolean => MANIFESTS.some((one) => one.id === uses && one.kind === 'trigger')
