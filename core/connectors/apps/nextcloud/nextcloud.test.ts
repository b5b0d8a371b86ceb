import { expect, test } from 'vitest'
import { type Received, testServer } from '../../../test-app.ts'
import { lineOf, sentByUs } from '../../service/test-judge.ts'
import { fileWorld } from '../../test-files.ts'
import { nextcloud } from './nextcloud.app.ts'

const FOLDER = `<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns">
 <d:response><d:href>/sub/remote.php/dav/files/ada/In%20box/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
 <d:response><d:href>/sub/remote.php/dav/files/ada/In%20box/42%20%26.pdf</d:href><d:propstat><d:prop><d:getetag>&quot;e1&quot;</d:getetag><d:getlastmodified>Mon, 30 Nov 2026 09:00:00 GMT</d:getlastmodified><d:getcontentlength>5</d:getcontentlength><d:getcontenttype>application/pdf</d:getcontenttype><d:resourcetype/><oc:fileid>7</oc:fileid></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat><d:prop><oc:size/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>
 <d:response><d:href>/sub/remote.php/dav/files/ada/In%20box/below/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
</d:multistatus>`

test('files of a Nextcloud are put, listed, moved and deleted by WebDAV', async () => {
  const { runAction } = await import('../../test-context.ts')
  const { httpOver } = await import('../../kit/signed-in.ts')
  const seen: Received[] = []
  const server = await testServer((request, response) => {
    seen.push(request)
    response.setHeader('content-type', 'application/xml')
    if (request.path.includes('missing')) {
      const words = '<d:error xmlns:d="DAV:" xmlns:s="x"><s:message>File not found: missing</s:message></d:error>'
      response.writeHead(404).end(words)
      return
    }
    response
      .writeHead(request.method === 'PROPFIND' ? 207 : 201, { 'oc-fileid': '7', etag: '"e1"' })
      .end(request.method === 'PROPFIND' ? FOLDER : '')
  })
  const { files, large, put, at } = fileWorld()
  put('a.txt', 'hi')
  const account = { type: 'nextcloud', secret: JSON.stringify({ server: `${server}/sub`, user: 'ada', token: 'pw' }) }
  const signal = new AbortController().signal
  const http = httpOver({
    signal,
    async fetch({ method, url, headers, body }) {
      const response = await fetch(url, { method, headers, ...(body !== null && { body: Buffer.from(body) }) })
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        cookies: [],
        body: Buffer.from(await response.arrayBuffer()),
        url,
        isWithoutSecrets: false,
      }
    },
    signIn: async () => nextcloud.credentials[0]?.signIn?.({ server: `${server}/sub`, user: 'ada', token: 'pw' }) ?? {},
  })
  const run = async (name: string, input: Record<string, string>) => {
    const action = nextcloud.connectors.find(({ id }) => id === `nextcloud.${name}`)
    if (action?.kind !== 'action') throw new Error(name)
    return (
      await runAction(
        action,
        { account: { $credential: 'cloud' }, ...input },
        { http, files, large, credential: async () => account },
        nextcloud.credentials,
      )
    ).output
  }
  expect(await run('upload', { file: at('a.txt'), path: '/In box/ä#?.txt' })).toEqual({
    path: '/In box/ä#?.txt',
    id: '7',
    etag: 'e1',
  })
  expect(await run('list-folder', { folder: 'In box' })).toEqual({
    items: [
      {
        path: '/In box/42 &.pdf',
        name: '42 &.pdf',
        isFolder: false,
        size: 5,
        type: 'application/pdf',
        modifiedAt: '2026-11-30T09:00:00.000Z',
        etag: 'e1',
        id: '7',
      },
      { path: '/In box/below', name: 'below', isFolder: true, size: 0, type: '', modifiedAt: '', etag: '', id: '' },
    ],
    count: 2,
  })
  await run('create-folder', { path: '/2026' })
  await run('move', { from: '/a', to: '/b c' })
  await run('delete', { path: '/a' })
  const dav = '/sub/remote.php/dav/files/ada'
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `PUT ${dav}/In%20box/%C3%A4%23%3F.txt`,
    `PROPFIND ${dav}/In%20box/`,
    `MKCOL ${dav}/2026/`,
    `MOVE ${dav}/a`,
    `DELETE ${dav}/a`,
  ])
  expect(seen[1]?.headers.depth).toBe('1')
  expect(seen[3]?.headers).toMatchObject({ destination: `${server}${dav}/b%20c`, overwrite: 'F' })
  await expect(run('download', { path: 'missing' })).rejects.toThrow(/File not found: missing/)
  await expect(run('delete', { path: '/' })).rejects.toThrow(/takes a name/)
  await expect(run('upload', { file: at('a.txt'), path: '../other/a' })).rejects.toThrow(/takes a name/)
})

test('a file is shared by a form, and a refusal stands in a 200', async () => {
  const account = {
    type: 'nextcloud',
    secret: JSON.stringify({ server: 'https://cloud.example', user: 'ada', token: 'pw' }),
  }
  const { sent } = await sentByUs(
    nextcloud,
    'share',
    { path: '/a.txt', until: '2026-12-01' },
    { answers: () => ({ ocs: { meta: { statuscode: 200 }, data: { url: 'x' } } }), account },
  )
  expect(sent.map(lineOf)).toEqual([
    [
      'POST /ocs/v2.php/apps/files_sharing/api/v1/shares?format=json',
      { path: '/a.txt', shareType: 3, expireDate: '2026-12-01' },
    ],
  ])
  const answers = () => ({ ocs: { meta: { statuscode: 404, message: 'Wrong path' } } })
  await expect(sentByUs(nextcloud, 'share', { path: '/a' }, { answers, account })).rejects.toMatchObject({
    details: { code: 'http-404', message: expect.stringContaining('Wrong path') },
  })
})
