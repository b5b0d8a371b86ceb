import { randomUUID } from 'node:crypto'
import { LogError, type Mail, type Watch } from '../log.ts'
import { readAcknowledged } from './acknowledged.ts'
import type { Append } from './append.ts'
import { ALONE, readCommits, writeCommit } from './commits.ts'
import { type Following, findOffset, follow, type StoredRecord } from './fetch.ts'
import type { KafkaLink } from './link.ts'
import { makeLetters, makeTalk, type Topics } from './topics.ts'

/** How often is noted which letters were read. Those of the last moment come again when the host is killed. */
const NOTE_MS = 200

const KIND = 'kind'
const TALK_ID = 'id'
const FROM = 'from'
type Kind = 'question' | 'answer' | 'failed'

export function createMail(
  link: KafkaLink,
  topics: Topics,
  append: Append,
  host: string,
): Mail & { stop(): Promise<void> } {
  const made = new Set<string>()
  const talkers = new Set<string>()
  const asked = new Map<string, PromiseWithResolvers<Uint8Array>>()
  let answers: ((question: Uint8Array) => Promise<Uint8Array>) | undefined
  let talking: Promise<Following> | undefined
  const receiving = new Set<Watch>()

  async function lettersOf(to: string): Promise<string> {
    if (!made.has(to)) await makeLetters(link, topics, to)
    made.add(to)
    return topics.letters(to)
  }

  /** Hears questions to this host, and answers, from now on. */
  function talk(): Promise<Following> {
    const topic = topics.talk(host)
    talking ??= makeTalk(link, topics, host)
      .then(() => findOffset(link, topic, 0, 'end'))
      .then((end) => follow(link, topic, end, hear))
    talking.catch(() => {
      talking = undefined
    })
    return talking
  }

  function hear({ headers, bytes }: StoredRecord): void {
    const [kind, id, from] = [headers.get(KIND), headers.get(TALK_ID) ?? '', headers.get(FROM) ?? '']
    if (kind === 'question') void reply(id, from, bytes ?? new Uint8Array())
    else if (kind === 'answer') asked.get(id)?.resolve(bytes ?? new Uint8Array())
    else asked.get(id)?.reject(new Error(bytes?.toString('utf8')))
  }

  async function reply(id: string, to: string, question: Uint8Array): Promise<void> {
    if (answers === undefined) return
    const [kind, bytes] = await answers(question).then(
      (answer) => ['answer', answer] as const,
      (error: unknown) => ['failed', Buffer.from(error instanceof Error ? error.message : String(error))] as const,
    )
    // Who asked stops waiting by itself.
    await say(to, kind, id, bytes).catch(() => undefined)
  }

  /** A host that has never talked has no topic for it. */
  async function put(to: string, id: string, bytes: Uint8Array): Promise<void> {
    await talk()
    if (!talkers.has(to) && (await link.look(topics.talk(to))) === null) throw new Error('it has never been there')
    talkers.add(to)
    await say(to, 'question', id, bytes)
  }

  async function say(to: string, kind: Kind, id: string, bytes: Uint8Array): Promise<void> {
    await append(topics.talk(to), 0, { key: host, bytes, headers: { [KIND]: kind, [TALK_ID]: id, [FROM]: host } })
  }

  return {
    async send(to, bytes) {
      await append(await lettersOf(to), 0, { key: host, bytes })
    },
    async receive(read) {
      const topic = await lettersOf(host)
      const read0 = (await readCommits(link, topic, topic, [0])).get(0)
      let done = Math.max(read0?.committed ?? 0, await findOffset(link, topic, 0, 'start'))
      const end = await findOffset(link, topic, 0, 'end')
      // A log that was lost since begins anew.
      if (done > end) done = 0
      let noted = done
      async function note(): Promise<void> {
        if (noted === done) return
        const next = done
        await writeCommit(link, topic, topic, new Map([[0, readAcknowledged(next, '')]]), ALONE)
        noted = next
      }
      const timer = setInterval(() => void note().catch(() => undefined), NOTE_MS)
      timer.unref()
      const following = follow(link, topic, done, async ({ bytes, offset }) => {
        await read(bytes ?? new Uint8Array())
        done = offset + 1
      })
      const watch = {
        async stop() {
          receiving.delete(watch)
          clearInterval(timer)
          await following.stop()
          await note().catch(() => undefined)
        },
      }
      receiving.add(watch)
      return watch
    },
    async discard(to) {
      const topic = topics.letters(to)
      if ((await link.look(topic)) === null) return
      const end = await findOffset(link, topic, 0, 'end')
      await writeCommit(link, topic, topic, new Map([[0, readAcknowledged(end, '')]]), ALONE)
    },
    async ask(to, question, timeoutMs) {
      const id = randomUUID()
      const answer = Promise.withResolvers<Uint8Array>()
      answer.promise.catch(() => undefined)
      asked.set(id, answer)
      const timer = setTimeout(() => answer.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      try {
        await Promise.race([put(to, id, question), answer.promise])
        return await answer.promise
      } catch (cause) {
        if (cause instanceof LogError) throw cause
        throw new LogError(
          'no-answer',
          `The host ${to} does not answer. Check that it runs and is connected to the fleet’s log.`,
          { cause },
        )
      } finally {
        clearTimeout(timer)
        asked.delete(id)
      }
    },
    async answer(answer) {
      answers = answer
      await talk()
      return {
        async stop() {
          answers = undefined
        },
      }
    },
    async stop() {
      await Promise.all([...receiving].map((one) => one.stop()))
      await (await talking?.catch(() => undefined))?.stop()
    },
  }
}
