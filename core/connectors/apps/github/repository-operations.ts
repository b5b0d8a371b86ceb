import { z } from 'zod'
import { StepError } from '../../../domain/runs/step-error.ts'
import { isJsonList, type Json, textOf } from '../../../domain/values/json.ts'
import { json, longText, text, yesNo } from '../../service/fields.ts'
import { operation } from '../../service/operation.ts'
import { requestOf } from '../../service/request.ts'
import { body, HEADERS, repo } from './github-values.ts'

const path = text('Path', { placeholder: 'docs/readme.md' })

/** The request for a file of a repository, whose folders stay folders. */
const fileAt = (method: 'GET' | 'PUT', input: Readonly<Record<string, Json | undefined>>) =>
  requestOf({ request: `${method} /repos/{+repo}/contents/{+path}`, fields: { repo, path }, headers: HEADERS }, input)

const entrySchema = z.looseObject({ sha: z.string(), content: z.string().default(''), size: z.number().default(0) })

/** What is done with the files of repositories, their releases and workflows, and with gists (https://docs.github.com/en/rest/repos). */
export const repositoryOperations = [
  operation({
    name: 'get-file',
    title: 'Get a file from GitHub',
    description:
      'Reads a file of a repository as a file for later steps, and its text where it is one; of a folder what is in it.',
    keywords: ['read', 'download', 'content', 'repository'],
    summary: '{path}',
    effect: 'none',
    fields: {
      repo,
      path,
      ref: text('Branch, tag or commit', { optional: true, from: { list: 'branches', needs: ['repo'] } }),
    },
    sample: {
      name: 'readme.md',
      path: 'docs/readme.md',
      sha: '3d21ec53a331a6f037a91c368710b99387d012c1',
      size: 12,
      text: 'Hello, Ada.\n',
      file: { filename: 'readme.md', contentType: 'text/markdown', bytes: 12 },
    },
    async run({ http, files, input }) {
      const request = fileAt('GET', input)
      const query = input.ref === undefined ? {} : { ref: textOf(input.ref) }
      const found = (await http({ ...request, query, maxBytes: 60_000_000 })).body
      if (isJsonList(found)) return found
      const entry = entrySchema.parse(found)
      // What is larger than 1 MB comes without its content (https://docs.github.com/en/rest/repos/contents).
      const content =
        entry.size > 0 && entry.content === ''
          ? (
              await http({
                ...request,
                query,
                headers: { ...HEADERS, accept: 'application/vnd.github.raw+json' },
                takesFile: true,
                maxBytes: 110_000_000,
              })
            ).bytes
          : Buffer.from(entry.content, 'base64')
      const { content: _, encoding: __, ...rest } = entry
      const known = z.record(z.string(), z.json()).parse(rest)
      const name = textOf(known.name ?? input.path ?? 'file')
      const file = await files.keep(name, content)
      const words = Buffer.from(content).toString('utf8')
      return { ...known, ...(!words.includes('\uFFFD') && { text: words }), file }
    },
  }),
  operation({
    name: 'put-file',
    title: 'Write a file on GitHub',
    description: 'Creates a file in a repository, or puts another content into it, as a commit.',
    keywords: ['create', 'update', 'commit', 'save', 'upload'],
    summary: '{path}',
    // The same content at the same place is there once, also where something else was before.
    effect: 'idempotent',
    fields: {
      repo,
      path,
      content: longText('Content'),
      message: text('Commit message', { placeholder: 'Update the report' }),
      branch: text('Branch', {
        optional: true,
        from: { list: 'branches', needs: ['repo'] },
        help: 'The usual one when empty.',
      }),
    },
    sample: {
      content: { path: 'docs/readme.md', sha: '95b966ae1c166bd92f8ae7d1c313e738c731dfc3' },
      commit: { sha: '7638417db6d59f3c431d3e1f261cc637155684cd' },
    },
    async run({ http, input }) {
      const request = fileAt('PUT', input)
      const branch = input.branch === undefined ? undefined : textOf(input.branch)
      const content = Buffer.from(textOf(input.content ?? ''), 'utf8').toString('base64')
      const there = await http({ ...fileAt('GET', input), query: { ref: branch } }).catch((error: unknown) => {
        if (error instanceof StepError && error.details.code === 'http-404') return null
        throw error
      })
      const before = there === null ? null : entrySchema.safeParse(there.body).data
      if (before && Buffer.from(before.content, 'base64').toString('base64') === content)
        return { content: Object(there?.body), commit: null }
      const told = {
        message: input.message ?? '',
        content,
        ...(before && { sha: before.sha }),
        ...(branch && { branch }),
      }
      return (await http({ ...request, body: told })).body
    },
  }),
  operation({
    name: 'create-release',
    title: 'Create a release on GitHub',
    description: 'Publishes a release of a repository, or a draft of one.',
    keywords: ['tag', 'version', 'publish'],
    request: 'POST /repos/{+repo}/releases',
    headers: HEADERS,
    fields: {
      repo,
      tag: text('Tag', { as: 'tag_name', placeholder: 'v1.0.0' }),
      title: text('Title', { as: 'name', optional: true }),
      text: body,
      draft: yesNo('Draft', { advanced: true }),
      prerelease: yesNo('Not for everyday use yet', { advanced: true }),
      target: text('Of the branch or commit', { as: 'target_commitish', optional: true, advanced: true }),
    },
    sample: { id: 1, tag_name: 'v1.0.0', html_url: 'https://github.com/ada/engine/releases/v1.0.0' },
  }),
  operation({
    name: 'dispatch-workflow',
    title: 'Run a workflow of GitHub Actions',
    description: 'Starts a workflow that has the trigger workflow_dispatch.',
    keywords: ['actions', 'ci', 'build', 'deploy'],
    request: 'POST /repos/{+repo}/actions/workflows/{workflow}/dispatches',
    headers: HEADERS,
    fields: {
      repo,
      workflow: text('Workflow', { placeholder: 'deploy.yml', from: { list: 'workflows', needs: ['repo'] } }),
      ref: text('Branch or tag', { placeholder: 'main', from: { list: 'branches', needs: ['repo'] } }),
      inputs: json('Inputs', { optional: true, help: 'By their names in the workflow; all are texts.' }),
    },
    sample: {},
  }),
  operation({
    name: 'create-gist',
    title: 'Create a gist on GitHub',
    description: 'Creates a gist of one file.',
    keywords: ['snippet', 'paste', 'share'],
    summary: '{name}',
    request: 'POST /gists',
    headers: HEADERS,
    scopes: ['gist'],
    fields: {
      name: text('Name of the file', { at: 'nowhere', placeholder: 'report.md' }),
      content: longText('Content', { at: 'nowhere' }),
      description: text('Description', { optional: true }),
      public: yesNo('Public', { sendsNo: true }),
    },
    body: (told, { name, content }) => ({
      ...Object(told),
      files: { [textOf(name ?? 'file.txt')]: { content: content ?? '' } },
    }),
    sample: { id: 'aa5a315d61ae9438b18d', html_url: 'https://gist.github.com/aa5a315d61ae9438b18d' },
  }),
]
