import { visibleJson, visibleLine } from '../core/contract/values.ts'

/**
 * The one way from the program to the terminal. What comes from outside (names of zaps, payloads, errors of others) is everywhere in what
 * commands print, so each line is made visible here, and a line break that is inside one stays visible too: it cannot forge another line.
 */

/** What to print: a text is one line. */
export type Lines = string | readonly string[]

const written = (lines: Lines): string =>
  [lines]
    .flat()
    .map((line) => `${visibleLine(line)}\n`)
    .join('')

/** Prints the answer of a command. */
export function print(lines: Lines): void {
  process.stdout.write(written(lines))
}

/** Prints the answer of a command as one JSON document on one line. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`)
}

/** Prints what is not the answer: what went wrong, and what is to be known meanwhile. */
export function printAside(lines: Lines): void {
  process.stderr.write(written(lines))
}

/** Tells why a command did not do what it was asked. */
export function complain(lines: Lines): void {
  const [first = '', ...rest] = [lines].flat()
  printAside([`hookline: ${first}`, ...rest])
}

/** Tells how far something is: in a terminal in the place of what it told before, elsewhere line by line. `isLast` ends the line. */
export function tellProgress(line: string, isLast: boolean): void {
  if (!process.stderr.isTTY) printAside(line)
  else process.stderr.write(`\r\u001B[K${visibleLine(line)}${isLast ? '\n' : ''}`)
}

/** For texts that are lines already, such as the help. */
export const printHelp = (text: string): void => print(text.replace(/\n$/, '').split('\n'))
export const complainOfUsage = (text: string): void => printAside(text.replace(/\n$/, '').split('\n'))
