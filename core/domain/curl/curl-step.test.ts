import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderValue } from '../templates/template.ts'
import type { JsonObject } from '../values/json.ts'
import { looksLikeCurl } from './command-text.ts'
import { type CurlStep, curlStep } from './curl-step.ts'

function read(line: string, taken?: ReadonlySet<string>): CurlStep {
  const step = curlStep(line, taken)
  if (step === null) throw new Error(`No curl in ${line}`)
  return step
}
const input = (line: string): JsonObject => read(line).step.input
const SITE = 'https://api.example.com/v1'

describe('addresses', () => {
  test.each<[line: string, url: string]>([
    [`curl ${SITE}`, SITE],
    ['curl example.com/a', 'http://example.com/a'],
    [`curl --url ${SITE}`, SITE],
    ['curl -- example.com', 'http://example.com'],
    [`curl -sSLo /dev/null ${SITE}`, SITE],
    [`$ sudo curl --compressed -v ${SITE}`, SITE],
    [`/usr/bin/curl ${SITE}`, SITE],
    [`for i in 1 2; do curl ${SITE}; done`, SITE],
    [`curl ${SITE}?a=1&b=2`, `${SITE}?a=1&b=2`],
    [`curl ${SITE} & wait`, SITE],
    [`curl ${SITE}/<your-id>`, `${SITE}/<your-id>`],
    [`curl ${SITE} > out.txt 2>&1`, SITE],
    [`curl "${SITE}" # get it`, SITE],
    [`curl "${SITE}/\\$a/\${B}/$C"`, `${SITE}/$a/{{ env.B }}/{{ env.C }}`],
    [`BASE=${SITE}\ncurl $BASE/x`, `${SITE}/x`],
    ['curl $HOST/x', '{{ env.HOST }}/x'],
    [`curl "${SITE}/{id}"`, `${SITE}/id`],
    [`curl -g "${SITE}/{id}"`, `${SITE}/{id}`],
    [`curl "${SITE}?filter[name]=x"`, `${SITE}?filter[name]=x`],
    [`ID=$(\n  curl -s ${SITE}/x -H "a: b" \\\n  | jq .id)`, `${SITE}/x`],
    [`# curl --request GET \\\n#   --url ${SITE}`, SITE],
    [`(cd /tmp && curl ${SITE})`, SITE],
    [`if ! curl -fs ${SITE} >/dev/null; then exit; fi`, SITE],
    [`& curl.exe -s -o NUL \`\n  "${SITE}"`, SITE],
    [`curl -G ${SITE} -d a=1 --data-urlencode 'q=x y' -d b`, `${SITE}?a=1&q=x%20y&b`],
    [`curl ${SITE}?z=0#top --url-query 'q=x y'`, `${SITE}?z=0&q=x%20y#top`],
    [`curl -X POST \\   -H 'a: b' \\   --url ${SITE}`, SITE],
    [`curl -T a.jpg ${SITE}/up/`, `${SITE}/up/a.jpg`],
  ])('%s', (line, url) => {
    expect(input(line).url).toBe(url)
  })
})

test.each<[line: string, method: string]>([
  [`curl ${SITE}`, 'GET'],
  [`curl -I ${SITE}`, 'HEAD'],
  [`curl -d a ${SITE}`, 'POST'],
  [`curl -F a=b ${SITE}`, 'POST'],
  [`curl --json '{}' ${SITE}`, 'POST'],
  [`curl -T a ${SITE}`, 'PUT'],
  [`curl -Xdelete ${SITE}`, 'DELETE'],
  [`curl --request=PATCH ${SITE} -d a`, 'PATCH'],
  [`curl -G -d a=b ${SITE}`, 'GET'],
])('%s sends %s', (line, method) => {
  expect(input(line).method).toBe(method)
})

describe('bodies', () => {
  test.each<[line: string, fields: JsonObject]>([
    [`curl ${SITE} -d a=1 -d 'b=x y'`, { bodyType: 'form', body: { a: '1', b: 'x y' } }],
    [`curl ${SITE} -d 'a=%C3%A9&a=2+3'`, { bodyType: 'form', body: { a: ['é', '2 3'] } }],
    [`curl ${SITE} -d 'Backup done: all is = well'`, { bodyType: 'form', body: 'Backup done: all is = well' }],
    [
      `curl ${SITE} -d @data.txt`,
      { bodyType: 'binary', body: 'data.txt', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    ],
    [`curl ${SITE} -T data.bin`, { bodyType: 'binary', body: 'data.bin', headers: { 'Content-Type': null } }],
    [`curl ${SITE} --data-raw @text`, { bodyType: 'form', body: '@text' }],
    [`curl ${SITE} --json '{"a":' --json '1}'`, { bodyType: 'json', body: { a: 1 } }],
    [
      `curl ${SITE} -H 'content-type: application/json' -d $'{"a":"it\\'s \\u00e9\\x41"}'`,
      { bodyType: 'json', body: { a: "it's éA" } },
    ],
    [
      `curl ${SITE} -H 'content-type: application/json' -d '{"a":"'"$WHO"'"}'`,
      { bodyType: 'json', body: { a: '{{ env.WHO }}' } },
    ],
    [
      `curl ${SITE} -H 'content-type: application/json' -d '{"a":'$N'}'`,
      { bodyType: 'text', body: '{"a":{{ env.N }}}' },
    ],
    [
      `curl ${SITE} -H 'content-type: application/json' -d '{"a":12345678901234567890}'`,
      { bodyType: 'json', body: '{"a":12345678901234567890}' },
    ],
    [`curl ${SITE} -H 'content-type: application/json' -d '{a:1}'`, { bodyType: 'text', body: '{a:1}' }],
    [
      `curl ${SITE} -H 'content-type: text/plain' --data-binary @- <<EOF\nHello $WHO\n\\$5\nEOF`,
      { bodyType: 'text', body: 'Hello {{ env.WHO }}\n$5\n' },
    ],
    [
      `curl ${SITE} -H 'content-type: text/plain' -d @- <<'EOF'\nHello $WHO\n"there"\nEOF`,
      { bodyType: 'text', body: 'Hello $WHO"there"' },
    ],
    [`echo '{"a":1}' | curl ${SITE} --json @-`, { bodyType: 'json', body: { a: 1 } }],
    [`cat a.json | curl ${SITE} --json @-`, { bodyType: 'binary', body: 'a.json' }],
    [`curl ${SITE} -d '{{ x }}'`, { bodyType: 'form', body: '{{ "{" }}{ x }}' }],
    [
      `curl ${SITE} -F a=b -F 'f=@"my file.txt";type=text/plain' -F 'p=x;type=a/b' -F a=c`,
      {
        bodyType: 'multipart',
        fields: {
          a: ['b', 'c'],
          f: { file: 'my file.txt', contentType: 'text/plain' },
          p: { text: 'x', contentType: 'a/b' },
        },
      },
    ],
    [
      `curl ${SITE} -F 'f=@a.csv;type=text/csv; charset=utf-8;filename="b c;d.csv"'`,
      {
        fields: { f: { file: 'a.csv', filename: 'b c;d.csv', contentType: 'text/csv; charset=utf-8' } },
      },
    ],
    [`cat <<EOF | curl ${SITE} --json @-\n{"a": "$N"}\nEOF`, { bodyType: 'json', body: { a: '{{ env.N }}' } }],
    [`cat <<'EOF' | tr a b\nx\nEOF\ncat <<'END' | curl ${SITE} --json @- | jq\n[1]\nEND`, { body: [1] }],
    [
      `curl ${SITE} --json "$(cat <<'EOF'\n{"a": "it's (fine, $N"}\nEOF\n)" -H 'A: b'`,
      { body: { a: "it's (fine, $N" }, headers: { A: 'b' } },
    ],
    [`BODY=$(cat <<EOF\n{"a": "$N"}\nEOF\n)\ncurl ${SITE} --json "$BODY"`, { body: { a: '{{ env.N }}' } }],
    [`curl ${SITE} --json "$(cat a.json)"`, { bodyType: 'binary', body: 'a.json' }],
    [`curl ${SITE} -A ''`, { headers: { 'User-Agent': null } }],
    [`curl ${SITE} -F 'a= b ' -F 'c=" d "'`, { fields: { a: 'b', c: ' d ' } }],
    [`curl ${SITE} --form-string 'a=@b;c'`, { bodyType: 'multipart', fields: { a: '@b;c' } }],
  ])('%s', (line, fields) => {
    expect(input(line)).toMatchObject(fields)
  })

  test('braces that are text come out as they were', () => {
    const { body } = input(`curl ${SITE} -d 'a {{ b }} {% c %} {{{'`)
    expect(renderValue(body ?? null, {})).toBe('a {{ b }} {% c %} {{{')
  })
})

describe('what stands around a command', () => {
  test.each([
    ['a fence', `\`\`\`bash\ncurl -d a=1 ${SITE}\n\`\`\``],
    ['the prompt of a shell', `me@my-host:~/x$ curl -d a=1 ${SITE}`],
    ['the prompt of root', `[root@my-host ~]# curl -d a=1 ${SITE}`],
    ['prompts of lines that go on', `$ curl -d a=1 \\\n> -H "A: b" \\\n> ${SITE}`],
    ['the prompt of Windows', `C:\\Users\\me> curl -d "a=1" ${SITE}`],
    ['the prompt of PowerShell', `PS C:\\Users\\me> curl.exe -d "a=1" ${SITE}`],
  ])('%s is not taken for a part of it', (_, line) => {
    expect(looksLikeCurl(line)).toBe(true)
    expect(input(line)).toMatchObject({ method: 'POST', url: SITE, body: { a: '1' } })
  })
  test('tells which shell a line is for', () => {
    expect(input(`curl.exe ${SITE} --json "{\`"a\`":1}"`)).toMatchObject({ body: { a: 1 } })
    expect(input(`$h = "A: b"\ncurl.exe ${SITE} -H $h -d '{\\"a\\":"x"}'`)).toMatchObject({ headers: { A: 'b' } })
    expect(input(`curl ${SITE} ^\n--json "{\n\\"a\\": \\"c & d > e\\"}"`)).toMatchObject({ body: { a: 'c & d > e' } })
    expect(input(`PS C:\\> curl ${SITE} --json "{\`"a\`":1}"`)).toMatchObject({ body: { a: 1 } })
  })
})

describe('quoting of Windows', () => {
  test('the command prompt', () => {
    const line = `curl.exe "${SITE}?a=%%20" ^\r\n  -H "X-A: %NAME%" ^\r\n  --json "{\\"a\\":\\"b\\"}"`
    expect(input(line)).toMatchObject({ headers: { 'X-A': '{{ env.NAME }}' }, body: { a: 'b' } })
  })
  test('what browsers copy for the command prompt', () => {
    const line = `curl ^"${SITE}?a=1^&b=2^" ^\n  -H ^"content-type: application/json^" ^\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b^\\^"^}^"`
    expect(input(line)).toMatchObject({ url: `${SITE}?a=1&b=2`, body: { a: 'b' } })
  })
  test('PowerShell', () => {
    const line = `$name = 'Ada'\n$body = @"\n{"a": "$name"}\n"@\ncurl.exe -X PUT "${SITE}" \`\n  -H 'X-A: it''s' \`\n  -H "Authorization: Bearer $env:TOKEN" \`\n  --json $body`
    expect(input(line)).toMatchObject({
      method: 'PUT',
      headers: { 'X-A': "it's" },
      body: { a: 'Ada' },
      auth: { $credential: 'example.com' },
    })
    expect(input(`curl.exe --% ${SITE} --json "{\\"a\\": 1}"`)).toMatchObject({ body: { a: 1 } })
    expect(input(`curl.exe ${SITE} --json '{\\"a\\": 1}'`)).toMatchObject({ body: { a: 1 } })
  })
})

describe('secrets become a credential', () => {
  test.each<[line: string, type: string, secret: string | null]>([
    [`curl -H 'Authorization: Bearer abc' ${SITE}`, 'bearer', 'abc'],
    [`curl --oauth2-bearer abc ${SITE}`, 'bearer', 'abc'],
    [`curl -H "Authorization: Bearer $T" ${SITE}`, 'bearer', null],
    [`curl -H 'Authorization: Basic dTpw' ${SITE}`, 'basic', 'u:p'],
    [`curl -u u:p ${SITE}`, 'basic', 'u:p'],
    [`curl -u u ${SITE}`, 'basic', 'u:'],
    ['curl https://u:p%40@api.example.com', 'basic', 'u:p@'],
    [`curl -H 'Authorization: Token abc' ${SITE}`, 'header', 'Authorization: Token abc'],
    [`curl -H 'X-Api-Key: abc' ${SITE}`, 'header', 'X-Api-Key: abc'],
    [`curl -H 'PRIVATE-TOKEN: <your token>' ${SITE}`, 'header', null],
    [`curl '${SITE}?api_key=abc&q=1'`, 'query', '{"name":"api_key","value":"abc"}'],
    [`curl '${SITE}?key=AIzaSyD4ub3fk29dk30fk'`, 'query', '{"name":"key","value":"AIzaSyD4ub3fk29dk30fk"}'],
  ])('%s', (line, type, secret) => {
    const { step, credentials } = read(line)
    expect(credentials).toEqual([{ name: 'example.com', type, secret }])
    expect(step.input.auth).toEqual({ $credential: 'example.com' })
    expect(JSON.stringify(step.input)).not.toMatch(/abc|dTpw|u:p|AIza/)
  })

  test('what is no secret stays', () => {
    const { step, credentials } = read(`curl -H 'Idempotency-Key: 1' '${SITE}?key=name&page=2'`)
    expect(credentials).toEqual([])
    expect(step.input).toMatchObject({ url: `${SITE}?key=name&page=2`, headers: { 'Idempotency-Key': '1' } })
  })

  test('a name that is taken is not used again', () => {
    const { credentials } = read(`curl -u u:p ${SITE}`, new Set(['example.com', 'example.com-2']))
    expect(credentials[0]?.name).toBe('example.com-3')
  })

  test('a second secret is said', () => {
    expect(read(`curl -H 'apikey: a' -H 'Authorization: Bearer b' ${SITE}`).problems.join()).toContain('apikey')
  })
})

test.each<[line: string, problem: string]>([
  [`curl --digest -u a:b ${SITE}`, '--digest'],
  [`curl ${SITE} ${SITE}/2`, '2 addresses'],
  [`curl ${SITE} --next ${SITE}/2`, '--next'],
  [`curl ${SITE}/[1-3]`, 'several addresses'],
  [`curl -X PURGE ${SITE}`, 'PURGE'],
  ['curl ftp://example.com', 'not called by HTTP'],
  [`curl ${SITE} -d "$(date)"`, '$(date)'],
  [`curl ${SITE} -d 'a`, 'never closed'],
  [`curl ${SITE} -b jar.txt`, 'jar.txt'],
  ['curl -X GET', 'names no address'],
])('%s: what is not taken over is said', (line, problem) => {
  expect(read(line).problems.join('\n')).toContain(problem)
})

test('what curl sets on the way is taken over', () => {
  const line = `curl -kL -x proxy:3128 -A me -e https://x.test -b a=1 -b b=2 -r 0-9 -O -H 'Host: x' -H 'X-None:' -H 'X-Empty;' ${SITE}`
  expect(input(line)).toEqual({
    method: 'GET',
    url: SITE,
    headers: {
      'X-None': null,
      'X-Empty': '',
      Cookie: 'a=1; b=2',
      'User-Agent': 'me',
      Referer: 'https://x.test',
      Range: 'bytes=0-9',
    },
    tls: { insecure: true },
    proxy: 'http://proxy:3128',
    answerAs: 'file',
  })
})

test('other text is no curl', () => {
  for (const text of ['', 'curl', 'curly hair', 'https://curl.se', 'echo curl']) expect(looksLikeCurl(text)).toBe(false)
  expect(curlStep('echo curl')).toBeNull()
  expect(looksLikeCurl(' $ curl https://x.test')).toBe(true)
})

test('no text makes it fail, and secrets never stay in the step', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          'curl ',
          '-d ',
          '-H ',
          "'",
          '"',
          '\\',
          '$',
          '{',
          '}',
          '^',
          '`',
          '\n',
          '<<E',
          '@',
          ';',
          '|',
          '-F ',
          'a=b',
          '__proto__',
          '%',
          ' ',
          '$(',
          'https://x.test/',
          '-',
        ),
      ),
      (parts) => {
        const made = curlStep(`curl ${parts.join('')}`)
        expect(made === null || typeof made.step.input.method === 'string').toBe(true)
      },
    ),
  )
})
