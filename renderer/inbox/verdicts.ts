import type { Verdict } from '../../core/domain/trust/verdict.ts'

/** What a verdict is called, how serious it is, and what it means for the sender and for the person who reads it. */
export const VERDICT_WORDS: Readonly<
  Record<
    Verdict,
    { readonly word: string; readonly tone: 'success' | 'neutral' | 'waiting' | 'error'; readonly meaning: string }
  >
> = {
  accepted: { word: 'Accepted', tone: 'success', meaning: 'It was stored before its sender heard OK, and made a run.' },
  duplicate: {
    word: 'Duplicate',
    tone: 'neutral',
    meaning: 'The same delivery had come before. Its sender was told so, and no second run was made.',
  },
  handshake: {
    word: 'Handshake',
    tone: 'success',
    meaning: 'Its sender asked whether this address is real, and was answered. That makes no run.',
  },
  captured: {
    word: 'Captured',
    tone: 'neutral',
    meaning: 'It was captured in the editor. The zap is not switched on, so nothing ran.',
  },
  'bad-signature': {
    word: 'Bad signature',
    tone: 'error',
    meaning: 'It is not signed as the zap asks for, so it made no run.',
  },
  'unknown-path': {
    word: 'Unknown path',
    tone: 'waiting',
    meaning: 'No zap that is switched on listens at this address with this method, so nothing ran.',
  },
  'too-large': { word: 'Too large', tone: 'error', meaning: 'Its body is larger than a webhook may be. Nothing ran.' },
  'too-deep': { word: 'Too deep', tone: 'error', meaning: 'Its body nests deeper than Hookline reads. Nothing ran.' },
  unreadable: {
    word: 'Unreadable',
    tone: 'error',
    meaning: 'It was cut off or packed in a way that could not be read, so nothing ran. Most senders try again.',
  },
  'not-allowed': {
    word: 'Not allowed',
    tone: 'error',
    meaning:
      'Its sender may not call this webhook: an address that is not on the list, a web page, or a name that is not this computer’s. Nothing ran.',
  },
  'rate-limited': {
    word: 'Too many',
    tone: 'waiting',
    meaning: 'More came than may come in such a time. Its sender was asked to try again later.',
  },
  paused: {
    word: 'Paused',
    tone: 'waiting',
    meaning:
      'Nothing was taken in: everything was paused, or there was no room. Its sender was asked to try again later.',
  },
}
