import { expect, test } from 'vitest'
import type { Json } from '../../domain/values/json.ts'
import { fileWorld } from '../test-files.ts'

const PAGE = `<!doctype html><title>Shop</title>
<ul><li class=product><a href="/lamp?a=1&amp;b=2">A  lamp</a> <b>75 €</b><i>x</i><i>y</i>
<li class="product"><a href="/desk">A &lt;desk&gt;</a> <b>120 €</b></ul>
<script>document.title = 'changed'</script><p>Unclosed <em>tags`

const field = (selector: string, more: Record<string, Json> = {}): Json => ({ selector, ...more })

test('fields are taken once, or for each element, as browsers read the page', async () => {
  const { run } = fileWorld()
  expect(
    await run('html.extract', {
      html: PAGE,
      fields: {
        title: field('title'),
        em: field('p em'),
        none: field('.none'),
        links: field('a', { take: 'attribute', attribute: 'href', all: true }),
      },
    }),
  ).toEqual({
    title: 'Shop',
    em: 'tags',
    none: null,
    links: ['/lamp?a=1&b=2', '/desk'],
  })
  expect(
    await run('html.extract', {
      html: PAGE,
      each: '.product',
      fields: {
        name: field('a'),
        price: field('b'),
        marks: field('i', { all: true }),
        html: field('a', { take: 'html' }),
        own: field('.product', { take: 'attribute', attribute: 'class' }),
      },
    }),
  ).toEqual({
    items: [
      { name: 'A lamp', price: '75 €', marks: ['x', 'y'], html: 'A  lamp', own: 'product' },
      { name: 'A <desk>', price: '120 €', marks: [], html: 'A &lt;desk&gt;', own: 'product' },
    ],
    count: 2,
  })
  expect(await run('html.extract', { html: 'no tags', each: '.x', fields: { a: field('b') } })).toEqual({
    items: [],
    count: 0,
  })
})

test('what is no selector is named with its field', async () => {
  const { failure } = fileWorld()
  expect(await failure('html.extract', { html: PAGE, fields: { price: field('b[') } })).toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(/^"fields.price" has the selector "b\[", which is none: /),
  })
  expect((await failure('html.extract', { html: PAGE, each: '>>>', fields: { a: field('b') } })).message).toMatch(
    /^"each" has the selector/,
  )
  expect((await failure('html.extract', { html: 5, fields: { a: field('b') } })).message).toMatch(
    /"html" takes a file, the path of one, or the HTML itself, but a number came/,
  )
})
