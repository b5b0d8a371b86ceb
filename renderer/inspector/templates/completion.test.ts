import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DataSource } from '../data/data-tree.ts'
import { complete, completionOptions, completionPlace, insertReference, leadsOn } from './completion.ts'

const sources: readonly DataSource[] = [
  {
    id: 'hook',
    name: 'Payment captured',
    uses: 'webhook.catch',
    sample: {
      value: { method: 'POST', body: { amount: 75, items: [{ sku: 'A1' }] }, headers: { 'x id': 'one' } },
      from: 'event',
    },
  },
]

/** The place at `^` in a text. */
function at(marked: string) {
  const caret = marked.indexOf('^')
  const text = marked.replace('^', '')
  return { text, caret, place: completionPlace(text, caret) }
}

function optionsAt(marked: string): readonly string[] {
  const { place } = at(marked)
  if (place === null) return []
  return completionOptions(place, sources).map((one) => (one.kind === 'path' ? one.path : one.filter.name))
}

/** The text after the first option was chosen, with the caret as `^`. */
function chosenAt(marked: string, goOn = false): string {
  const { text, place } = at(marked)
  if (place === null) throw new Error('nothing to complete')
  const [option] = completionOptions(place, sources)
  if (option === undefined) throw new Error('no option')
  const change = complete(text, place, option, goOn)
  return `${change.text.slice(0, change.caret)}^${change.text.slice(change.caret)}`
}

describe('what is completed', () => {
  it('is a path at the beginning of an expression and in the arguments of a filter', () => {
    expect(at('a {{ hook.bo^').place).toMatchObject({ kind: 'path', typed: 'hook.bo', closed: false })
    expect(at('{{^}}').place).toMatchObject({ kind: 'path', typed: '', closed: true })
    expect(at('{{ hook.headers["x ^').place).toMatchObject({ kind: 'path', typed: 'hook.headers["x ' })
    expect(at('{{ a | default: hook.b^ }}').place).toMatchObject({ kind: 'path', typed: 'hook.b' })
  })

  it('is a filter behind a bar', () => {
    expect(at('{{ hook | up^ }}').place).toMatchObject({ kind: 'filter', typed: 'up', closed: true })
    expect(at('{{ hook | upcase |^').place).toMatchObject({ kind: 'filter', typed: '', closed: false })
  })

  it('is nothing elsewhere', () => {
    for (const text of ['plain^', '{^', '{{ a }} b^', '{{ "a | b^', '{{ hook ^', '{{ a | default: ^', '{{ a\n^']) {
      expect(at(text).place, text).toBeNull()
    }
  })
})

describe('options', () => {
  it('are what comes next, then what lies deeper, then what has the words anywhere', () => {
    expect(optionsAt('{{ hook.^').slice(0, 4)).toEqual(['hook.method', 'hook.body', 'hook.headers', 'hook.body.amount'])
    expect(optionsAt('{{ ^').slice(0, 2)).toEqual(['hook', 'now'])
    expect(optionsAt('{{ sku^')).toEqual(['hook.body.items[0].sku'])
    expect(optionsAt('{{ payment^')[0]).toBe('hook')
    expect(optionsAt('{{ hook.headers^')).toContain('hook.headers["x id"]')
    expect(optionsAt('{{ nothing.like.it^')).toEqual([])
  })

  it('are filters behind a bar', () => {
    expect(optionsAt('{{ hook | upc^')).toEqual(['upcase'])
  })

  it('stay few however large a list is', () => {
    const large: DataSource = {
      id: 'big',
      name: 'Big',
      uses: 'data.set',
      sample: { value: { list: Array.from({ length: 10_000 }, (_, n) => ({ n })) }, from: 'run' },
    }
    const place = completionPlace('{{ ', 3)
    expect(place && completionOptions(place, [large]).length).toBeLessThan(20)
  })
})

describe('choosing', () => {
  it('closes the braces, or goes on behind them', () => {
    expect(chosenAt('a {{ho^')).toBe('a {{ hook }}^')
    expect(chosenAt('a {{ ho^ }} c')).toBe('a {{ hook }}^ c')
    expect(chosenAt('{{ hook.me^ | upcase }}')).toBe('{{ hook.method^ | upcase }}')
  })

  it('leads on to the next key', () => {
    expect(chosenAt('{{ hook.bo^', true)).toBe('{{ hook.body.^ }}')
    expect(chosenAt('{{ hook.body.it^ }}', true)).toBe('{{ hook.body.items[^ }}')
    const { place } = at('{{ hook.m^')
    expect(place && completionOptions(place, sources).map(leadsOn)[0]).toBe(false)
  })

  it('of a filter waits for what it takes', () => {
    expect(chosenAt('{{ hook |upc^')).toBe('{{ hook | upcase^ }}')
    expect(chosenAt('{{ hook | upc^}}')).toBe('{{ hook | upcase^ }}')
    expect(chosenAt('{{ hook | defa^ }}')).toBe('{{ hook | default: ^ }}')
  })

  it('in the data picker replaces the selection or what was begun', () => {
    const inserted = (text: string, from: number, to: number): string => insertReference(text, from, to, 'hook.x').text
    expect(inserted('a b', 2, 2)).toBe('a {{ hook.x }}b')
    expect(inserted('a b', 2, 3)).toBe('a {{ hook.x }}')
    expect(inserted('a {{ ho', 7, 7)).toBe('a {{ hook.x }}')
    expect(inserted('a {{ ho }} c', 7, 7)).toBe('a {{ hook.x }} c')
  })

  it('changes nothing outside its place', () => {
    const piece = fc.constantFrom('{{', '}}', ' hook.', 'body', '|', ' up', '"', '[', 'text', ' ')
    fc.assert(
      fc.property(fc.array(piece), fc.nat(40), (pieces, where) => {
        const text = pieces.join('')
        const caret = Math.min(where, text.length)
        const place = completionPlace(text, caret)
        if (place === null) return
        expect(place.start).toBeLessThanOrEqual(caret)
        expect(place.end).toBeGreaterThanOrEqual(caret)
        const change = complete(text, place, { kind: 'path', path: 'a.b', value: 1, of: '', uses: null })
        expect(change.text.startsWith(text.slice(0, change.start))).toBe(true)
        expect(change.text.endsWith(text.slice(change.end))).toBe(true)
      }),
    )
  })
})
