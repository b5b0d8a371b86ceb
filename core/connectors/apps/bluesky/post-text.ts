import { type Json, textOf } from '../../../domain/values/json.ts'

/** A part of a post that leads somewhere, by the bytes of its text. */
export type Facet = { readonly from: number; readonly to: number } & (
  | { readonly link: string }
  | { readonly mention: string }
  | { readonly tag: string }
)

const LINK = /https?:\/\/[^\s<>"']{1,2000}/g
const MENTION = /(?<![\w.@])@((?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,20})(?![\w-])/gi
const TAG = /(?<![^\s(])#([\p{L}\p{N}_]{1,64})/gu

/** The links, mentions and tags in a text: the service looks for none of them itself (https://docs.bsky.app/docs/advanced-guides/post-richtext). */
export function facetsIn(text: string): Facet[] {
  // What is counted are bytes of UTF-8, and a text is some hundred characters long.
  const bytesTo = (at: number) => Buffer.byteLength(text.slice(0, at), 'utf8')
  const place = (at: number, length: number) => ({ from: bytesTo(at), to: bytesTo(at + length) })
  const links = [...text.matchAll(LINK)].map(({ index, 0: found }): Facet => {
    // What ends a sentence is no part of an address.
    let end = found.length
    while ('.,;:!?)]'.includes(found.charAt(end - 1))) end--
    const link = found.slice(0, end)
    return { ...place(index, link.length), link }
  })
  const isInLink = ({ from }: Facet) => links.some((link) => from >= link.from && from < link.to)
  const mentions = [...text.matchAll(MENTION)].map(({ index, 0: found, 1: mention = '' }): Facet => {
    return { ...place(index, found.length), mention }
  })
  const tags = [...text.matchAll(TAG)].flatMap(({ index, 0: found, 1: tag = '' }): Facet[] =>
    /^\d+$/.test(tag) ? [] : [{ ...place(index, found.length), tag }],
  )
  return [...links, ...[...mentions, ...tags].filter((one) => !isInLink(one))].toSorted((a, b) => a.from - b.from)
}

/** A facet as the service has it. `did` is whom a mention names. */
export function facetOf(facet: Facet, did: string | null): Json {
  const kind = 'app.bsky.richtext.facet'
  const feature =
    'link' in facet
      ? { $type: `${kind}#link`, uri: facet.link }
      : 'tag' in facet
        ? { $type: `${kind}#tag`, tag: facet.tag }
        : { $type: `${kind}#mention`, did }
  return { index: { byteStart: facet.from, byteEnd: facet.to }, features: [feature] }
}

/** The last part of the address of a record. */
export const recordKey = (uri: Json | undefined): string =>
  textOf(uri ?? '')
    .split('/')
    .at(-1) ?? ''
