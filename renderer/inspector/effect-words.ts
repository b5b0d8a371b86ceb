import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'

/** What a test of a step really does, in a sentence, and whether that reaches beyond Hookline. */
export function effectWords(
  effect: ConnectorManifest['effect'],
  summary: string | null,
): { text: string; isReal: boolean } {
  if (effect === 'none') return { text: 'This step only computes: a test changes nothing.', isReal: false }
  return { text: `A test really does it${summary === null ? '' : `: ${summary}`}.`, isReal: true }
}
