import type { CardData } from '../flow-graph.ts'

/** What the border of a card says of its step. */
export type CardTone = 'plain' | 'running' | 'success' | 'error' | 'waiting'

/** The tone of a card, from what its badge says. */
export function cardTone({ badge }: Pick<CardData, 'badge'>): CardTone {
  switch (badge?.kind) {
    case 'running':
    case 'changed':
      return 'running'
    case 'added':
    case 'succeeded':
      return 'success'
    case 'failed':
    case 'problem':
    case 'removed':
      return 'error'
    case 'waiting':
    case 'paused':
    case 'review':
      return 'waiting'
    case 'disabled':
    case 'skipped':
    case 'filtered':
    case 'todo':
    case 'pinned':
    case 'given':
    case undefined:
      return 'plain'
  }
}
