import { expect, test } from 'vitest'
import { fileWorld } from '../test-files.ts'

// Examples of the CommonMark specification 0.31.2 by John MacFarlane (CC-BY-SA 4.0), by their numbers there.
test.each([
  ['62', '# foo\n## foo\n', '<h1>foo</h1>\n<h2>foo</h2>\n'],
  ['119', '```\n<\n >\n```\n', '<pre><code>&lt;\n &gt;\n</code></pre>\n'],
  ['219', 'aaa\n\nbbb\n', '<p>aaa</p>\n<p>bbb</p>\n'],
  ['228', '> # Foo\n> bar\n', '<blockquote>\n<h1>Foo</h1>\n<p>bar</p>\n</blockquote>\n'],
  ['301', '- foo\n- bar\n', '<ul>\n<li>foo</li>\n<li>bar</li>\n</ul>\n'],
  ['328', '`foo`\n', '<p><code>foo</code></p>\n'],
  ['350', '*foo bar*\n', '<p><em>foo bar</em></p>\n'],
  ['378', '**foo bar**\n', '<p><strong>foo bar</strong></p>\n'],
  ['483', '[link](/uri "title")\n', '<p><a href="/uri" title="title">link</a></p>\n'],
])('example %s of CommonMark', async (_number, text, html) => {
  const { run } = fileWorld()
  expect((await run('text.convert', { text, from: 'markdown', to: 'html' })).text).toBe(html)
})

test.each([
  '<script>alert(1)</script>x',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="  java\nscript:alert(1)">x</a>',
  '<iframe src="https://evil.example"></iframe>x',
  '<svg><script>alert(1)</script></svg>x',
  '<style>body{background:url(https://evil.example)}</style>x',
  '<p style="background:url(https://evil.example)">x</p>',
  '<form action="https://evil.example"><input name=a><button>x</button></form>',
  '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '[x](javascript:alert(1))',
  '![x](javascript:alert(1))',
  '<meta http-equiv=refresh content="0;url=https://evil.example">x',
])('nothing of %j runs or calls home', async (text) => {
  const { run } = fileWorld()
  for (const from of ['html', 'markdown']) {
    const html = String((await run('text.convert', { text, from, to: 'html' })).text)
    expect(html).not.toMatch(
      /<(?:script|iframe|svg|style|form|math|meta|button|noscript)|\son\w+\s*=|(?:href|src)="\s*(?:java|data)|style=/i,
    )
    expect(html).not.toMatch(/<input(?![^>]*type="checkbox")/i)
  }
})

test('HTML becomes Markdown, and both become text', async () => {
  const { run } = fileWorld()
  const html =
    '<h2>Hello &amp; welcome</h2><p>A <b>bold</b> <a href="https://example.com/">link</a> and <del>old</del> text.</p><ul><li>one</li><li>two</li></ul><pre><code>x &lt; y</code></pre>'
  expect((await run('text.convert', { text: html, from: 'html', to: 'markdown' })).text).toBe(
    '## Hello & welcome\n\nA **bold** [link](https://example.com/) and ~~old~~ text.\n\n-   one\n-   two\n\n```\nx < y\n```',
  )
  expect((await run('text.convert', { text: html, from: 'html', to: 'text' })).text).toBe(
    'Hello & welcome\n\nA bold link [https://example.com/] and old text.\n\n * one\n * two\n\nx < y',
  )
  expect(
    (
      await run('text.convert', {
        text: '# A\n\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
        from: 'markdown',
        to: 'html',
      })
    ).text,
  ).toMatch(/<h1>A<\/h1>.*<input.*type="checkbox".*<table>/s)
  expect((await run('text.convert', { text: '*x*', from: 'markdown', to: 'text' })).text).toBe('x')
  expect((await run('text.convert', { text: '', from: 'markdown', to: 'html' })).text).toBe('')
})

const TABLE = '| Name | Price |\n| --- | --: |\n| Tea | 2.50 |\n| A\\|B | **3** |'

test.each([
  [
    'with heads',
    '<table><thead><tr><th>Name</th><th align=right>Price</th></tr></thead><tbody><tr><td>Tea</td><td>2.50</td></tr><tr><td>A|B</td><td><b>3</b></td></tr></tbody></table>',
    TABLE,
  ],
  ['without heads', '<table><tr><td>a</td><td>b</td></tr></table>', '|  |  |\n| --- | --- |\n| a | b |'],
  [
    'with lines in a cell',
    '<table><tr><th>a</th></tr><tr><td><p>one</p><p>two</p></td></tr></table>',
    '| a |\n| --- |\n| one<br>two |',
  ],
  [
    'with a cell over two columns',
    '<table><tr><th colspan=2>a</th></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>',
    '| a |  |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |',
  ],
  [
    'with another in it',
    '<table><tr><th>a</th></tr><tr><td><table><tr><td>x</td></tr></table></td></tr></table>',
    '| a |\n| --- |\n| \\|  \\|<br>\\| --- \\|<br>\\| x \\| |',
  ],
  ['that is empty', 'a<table></table>b', 'a\n\nb'],
])('a table %s is one in Markdown', async (_what, text, markdown) => {
  const { run } = fileWorld()
  expect((await run('text.convert', { text, from: 'html', to: 'markdown' })).text).toBe(markdown)
})

test('tables and boxes of a task list come back from Markdown as they went in', async () => {
  const { run } = fileWorld()
  const text = `${TABLE}\n\n- [x] done\n- [ ] open`
  const html = (await run('text.convert', { text, from: 'markdown', to: 'html' })).text ?? ''
  const back = String((await run('text.convert', { text: html, from: 'html', to: 'markdown' })).text)
  expect(back.replace(/ {2,}/g, ' ')).toBe(text)
})

test('many tables in each other take no more time than as many beside each other', async () => {
  const { run } = fileWorld()
  const text = `${'<table><tr><td>'.repeat(60)}x${'</td></tr></table>'.repeat(60)}`
  expect(String((await run('text.convert', { text, from: 'html', to: 'markdown' })).text)).toContain('x')
})
