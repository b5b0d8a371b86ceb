import { join } from 'node:path'

/** What a program is set up to do: each of `zaps` webhooks sets off `steps` HTTP POSTs side by side to the target. */
export type Work = {
  readonly zaps: number
  readonly steps: number
  /** Instead of the body as a whole, each item of the list in it is posted on its own, one after the other. */
  readonly perItem: boolean
  /** A few lines of JavaScript make what is posted of the body. */
  readonly code?: true
  /** Reads a CSV file, and puts its rows in order or into groups; what is posted is a number. The file lies where {@link dataFile} says. */
  readonly csv?: 'count' | 'sort' | 'group' | 'sum'
  /** Keeps each body as a row of a table, by its id. */
  readonly upsert?: true
  /** In place of the webhook, files that come into the folder of {@link watchedFolder}. */
  readonly watches?: true
  /** The webhook takes only what is signed as GitHub signs it, with {@link SIGNING_SECRET}. */
  readonly signed?: true
}

/** Webhook in, one POST of its body out. */
export const RELAY: Work = { zaps: 1, steps: 1, perItem: false }
/** The same of what its sender has signed. */
export const SIGNED: Work = { ...RELAY, signed: true }
export const SIGNING_SECRET = 'It’s a secret to everybody who measures.'
/** Ten webhooks, each of which ten steps follow. */
export const FAN_OUT: Work = { zaps: 10, steps: 10, perItem: false }
/** One webhook whose list is gone through item by item. */
export const FOR_EACH: Work = { zaps: 1, steps: 1, perItem: true }

/** Webhook in, a code step, one POST of what it returns out. */
export const CODE: Work = { zaps: 1, steps: 1, perItem: false, code: true }

/** Webhook in, a CSV file read, one POST out. */
export const CSV: Work = { zaps: 1, steps: 1, perItem: false, csv: 'count' }
export const SORT: Work = { ...CSV, csv: 'sort' }
export const GROUP: Work = { ...CSV, csv: 'group' }
/** Its rows filtered and summed up. */
export const SUM: Work = { ...CSV, csv: 'sum' }
/** Webhook in, a row of a table, one POST out. */
export const UPSERT: Work = { zaps: 1, steps: 1, perItem: false, upsert: true }
/** A file in, one POST out. */
export const WATCH: Work = { zaps: 1, steps: 1, perItem: false, watches: true }

/** The CSV file of a program that runs in a folder. */
export const dataFile = (folder: string): string => join(folder, 'files', 'data.csv')
/** The folder whose files it watches. */
export const watchedFolder = (folder: string): string => join(folder, 'files', 'incoming')

/** The lines, as a function of `body`; each program hands that to them in its way. */
export const SCRIPT = `const names = Object.keys(body).filter((name) => name.length > 0)
const made = { ...body, names, count: names.length }`

/** 0, 1, … up to `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

/** The path below `/hooks/` or `/webhook/` that sets off zap `n`. */
export const hookPath = (n: number): string => `bench-${n}`

/** How many items of a list are under way at once, where a program can be told. */
export const ITEMS_AT_ONCE = 10
