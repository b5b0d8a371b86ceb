import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../../../core/domain/templates/template.ts'
import { templateParts, templatePath } from './template-text.ts'

describe('template parts', () => {
  it('give the text again when joined', () => {
    const pieces = fc.array(fc.constantFrom('{{', '}}', ' hook.body ', 'text', '\n', '{', '-'))
    fc.assert(
      fc.property(pieces, (list) => {
        const text = list.join('')
        const parts = templateParts(text)
        expect(parts.map((part) => part.text).join('')).toBe(text)
        for (const part of parts) expect(text.startsWith(part.text, part.start)).toBe(true)
      }),
    )
  })

  it('tell expressions from text', () => {
    expect(templateParts('Paid {{ hook.body.amount }} by {{- x -}}')).toEqual([
      { text: 'Paid ', start: 0, expression: null },
      { text: '{{ hook.body.amount }}', start: 5, expression: 'hook.body.amount' },
      { text: ' by ', start: 27, expression: null },
      { text: '{{- x -}}', start: 31, expression: 'x' },
    ])
  })
})

describe('template paths', () => {
  it('read back what they name, whatever the keys', () => {
    const key = fc.oneof(fc.constantFrom('body', 'x-id', 'a b', 'size', '1st', 'ü', '"', "'"), fc.nat({ max: 3 }))
    fc.assert(
      fc.property(fc.array(key, { maxLength: 4 }), (keys) => {
        fc.pre(!keys.includes('"'))
        let value: unknown = 'found'
        for (const one of keys.toReversed())
          value = typeof one === 'number' ? [0, 0, 0, 0].with(one, value as never) : { [one]: value }
        expect(parseTemplate(`{{ ${templatePath(['hook', ...keys])} }}`).render({ hook: value })).toBe('found')
      }),
    )
  })
})
