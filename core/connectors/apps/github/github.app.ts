import { isJsonList, isJsonObject, type Json, textOf } from '../../../domain/values/json.ts'
import { defineApp } from '../../define-app.ts'
import { bearer, howTo, oauthAccount, tokenAccount, whoIs } from '../../service/accounts.ts'
import { listOf } from '../../service/operation.ts'
import { githubTriggers } from './github-triggers.ts'
import { at, HEADERS, pagesOf, repo } from './github-values.ts'
import { issueOperations } from './issue-operations.ts'
import { hue, icon } from './logo.ts'
import { repositoryOperations } from './repository-operations.ts'

const ADDRESS = 'https://api.github.com'
const whoAmI = whoIs({ address: ADDRESS, path: 'user', name: ['login', 'name'], headers: HEADERS })

/** GitHub's REST API (https://docs.github.com/en/rest). */
export const github = defineApp({
  id: 'github',
  title: 'GitHub',
  icon,
  hue,
  address: ADDRESS,
  account: 'needed',
  takesKey: false,
  credentials: [
    tokenAccount({
      id: 'github',
      title: 'GitHub token',
      secret: { title: 'Personal access token', placeholder: 'github_pat_…' },
      help: howTo(
        'A token in three steps',
        {
          title: 'Create a token',
          text: 'Fine-grained, for the repositories that your zaps are to see.',
          link: { title: 'Tokens', url: 'https://github.com/settings/personal-access-tokens/new' },
        },
        {
          title: 'Give it rights',
          text: 'Contents, Issues, Pull requests and Webhooks: read and write; Actions, to run workflows.',
        },
        { title: 'Paste it here' },
      ),
      signIn: bearer(),
      test: whoAmI,
    }),
    oauthAccount({
      id: 'github.oauth',
      title: 'GitHub sign-in',
      authorizeUrl: 'https://github.com/login/oauth/authorize',
      tokenUrl: 'https://github.com/login/oauth/access_token',
      scopes: ['repo', 'gist', 'read:user'],
      more: { deviceUrl: 'https://github.com/login/device/code' },
      help: howTo(
        'A client id in three steps',
        {
          title: 'Register an OAuth app',
          link: { title: 'OAuth apps', url: 'https://github.com/settings/applications/new' },
        },
        { title: 'Enter the callback address', showsRedirect: true },
        { title: 'Paste id and secret here', text: 'Generate a new client secret on the page of the app.' },
      ),
      test: whoAmI,
    }),
  ],
  answers: {
    // A limit is 403 with some words, or with none of the calls left (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
    means: (status, told) =>
      status === 403 && /rate limit|abuse detection/i.test(textOf(at(told, 'message') ?? '')) ? 429 : status,
    waits: (_body, headers, now) => {
      const resets = Number(headers['x-ratelimit-reset'])
      return headers['x-ratelimit-remaining'] === '0' && resets > 0 ? Math.max(0, resets * 1_000 - now) : undefined
    },
    refusal: (told) => {
      // What is wrong with which field stands beside the words.
      if (!isJsonObject(told) || typeof told.message !== 'string' || !isJsonList(told.errors ?? null)) return null
      const more = (isJsonList(told.errors ?? null) ? Object.values(Object(told.errors)) : []).map((one) => {
        const error = isJsonObject(one as Json) ? Object(one) : {}
        return [error.field, error.message ?? error.code].filter((word) => typeof word === 'string').join(' ')
      })
      return { says: [told.message, ...more].filter((word) => word !== '').join(': ') }
    },
  },
  lists: {
    repos: listOf({
      request: 'GET /user/repos?sort=pushed',
      headers: HEADERS,
      pages: pagesOf(),
      value: 'full_name',
      label: 'full_name',
      hint: 'description',
    }),
    workflows: listOf({
      request: 'GET /repos/{+repo}/actions/workflows',
      fields: { repo },
      headers: HEADERS,
      pages: pagesOf('workflows'),
      value: 'id',
      label: 'name',
    }),
    branches: listOf({
      request: 'GET /repos/{+repo}/branches',
      fields: { repo },
      headers: HEADERS,
      pages: pagesOf(),
      value: 'name',
      label: 'name',
    }),
  },
  triggers: githubTriggers,
  actions: [...issueOperations, ...repositoryOperations],
})
