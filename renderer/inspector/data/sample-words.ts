import type { Sample } from '../../../core/contract/values.ts'
import type { ShownSample } from './data-tree.ts'

/** Where an example comes from, as a word or three for lists. */
export function sampleWords({ from, pinnedFrom }: ShownSample): string {
  switch (from) {
    case 'pinned':
      return PINNED[pinnedFrom ?? 'written'].word
    case 'run':
      return 'from the last run'
    case 'event':
      return 'from the last event'
    case 'connector':
      return 'an example'
  }
}

/** The same in a sentence, `when` being a moment in words: that of the run, event or request. */
export function sampleSentence({ from, pinnedFrom }: Sample, when: string | null, isTrigger: boolean): string {
  const at = when === null ? '' : ` (${when})`
  switch (from) {
    case 'pinned': {
      const use = isTrigger
        ? 'Tests begin with it.'
        : 'Tests take it in place of running the step. What is live runs it.'
      return `Pinned: ${PINNED[pinnedFrom ?? 'written'].what}${pinnedFrom === 'run' ? at : ''}. ${use}`
    }
    case 'run':
      return `What the step returned in its last run${at}.`
    case 'event':
      return `The last event that arrived${at}.`
    case 'connector':
      return 'The connector’s own example. Run the zap to see real data.'
  }
}

const PINNED: Readonly<Record<NonNullable<Sample['pinnedFrom']>, { word: string; what: string }>> = {
  run: { word: 'pinned, from a run', what: 'from a past run' },
  connector: { word: 'pinned example', what: 'the connector’s own example' },
  request: { word: 'pinned request', what: 'a request that was caught' },
  written: { word: 'pinned', what: 'as it was kept or written here' },
}
