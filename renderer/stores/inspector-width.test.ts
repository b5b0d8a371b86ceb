import { expect, test } from 'vitest'
import { COLUMNS, parseWidths } from './inspector-width.ts'

const USUAL = { form: COLUMNS.form.usual, input: COLUMNS.input.usual, output: COLUMNS.output.usual }

test.each([null, '', '{', 'null', '[1]', '{"form":"400"}', '{"form":null}'])(
  'what was kept as %j is no width',
  (text) => {
    expect(parseWidths(text)).toEqual(USUAL)
  },
)

test('a width is kept as far as a column can have it', () => {
  expect(parseWidths('{"form":400,"input":1,"output":99999}')).toEqual({
    form: 400,
    input: COLUMNS.input.least,
    output: COLUMNS.output.most,
  })
})
