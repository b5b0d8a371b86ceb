import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'

/** What a test of a step really does: as a sentence, as words behind "the next step …", and whether that reaches beyond Hookline. */
export function effectWords(
  effect: ConnectorManifest['effect'],
  summary: string | null,
): { text: string; act: string; isReal: boolean } {
  if (effect === 'none') {
    return { text: 'This step only computes: a test changes nothing.', act: 'only computes', isReal: false }
  }
  const what = summary === null ? '' : `: ${summary}`
  return { text: `A test really does it${what}.`, act: `really does it${what}`, isReal: true }
}
