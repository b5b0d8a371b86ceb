/** A bucket that keeps large values of events, as the address of `--fleet-s3` says it. */
export type StoreAddress = {
  /** Of the store, without a bucket: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** What keys of objects begin with: empty, or ending in a slash. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** For people: without the keys. */
  readonly shown: string
}

const EXAMPLE = 'such as https://KEYID:SECRET@s3.eu-central-1.amazonaws.com/my-bucket?region=eu-central-1'
const MAX_URL = 4_000
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/
const REGION = /^[a-z0-9-]{1,40}$/
const PREFIX = /^[A-Za-z0-9._/-]{0,200}$/

/**
 * Reads `https://KEYID:SECRET@server/bucket/folder?region=REGION`. The keys may stand in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` instead.
 *
 * @throws an Error with a sentence that repeats no secret.
 */
export function readStoreAddress(
  address: string,
  environment: Readonly<Record<string, string | undefined>>,
): StoreAddress {
  const url = address.length > MAX_URL ? null : URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) throw unreadable('is none that begins with https:// or http://')
  const [bucket = '', ...folders] = url.pathname.slice(1).split('/')
  if (!BUCKET.test(bucket)) throw unreadable('names no bucket behind the server')
  const folder = folders.filter((part) => part !== '').join('/')
  if (!PREFIX.test(folder))
    throw unreadable('has a folder in it with other characters than letters, digits, ".", "_" and "-"')
  for (const setting of url.searchParams.keys())
    if (setting !== 'region') throw unreadable(`has "${setting.slice(0, 40)}" behind the "?", and there is region`)
  const region = url.searchParams.get('region') ?? environment.AWS_REGION ?? 'us-east-1'
  if (!REGION.test(region)) throw unreadable('names no region behind "region="')
  const accessKeyId = decoded(url.username) || (environment.AWS_ACCESS_KEY_ID ?? '')
  const secretAccessKey = decoded(url.password) || (environment.AWS_SECRET_ACCESS_KEY ?? '')
  if (accessKeyId === '' || secretAccessKey === '')
    throw unreadable('has no keys: they stand in front of the "@", or in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  const prefix = folder === '' ? '' : `${folder}/`
  const shown = `${url.protocol}//${url.host}/${bucket}${folder === '' ? '' : `/${folder}`}`
  return { endpoint: `${url.protocol}//${url.host}`, region, bucket, prefix, accessKeyId, secretAccessKey, shown }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw unreadable('has a "%" in its keys that stands for nothing (a plain "%" is written "%25")')
  }
}

function unreadable(why: string): Error {
  return new Error(`The address of the fleet’s S3 store ${why}. Give one ${EXAMPLE}.`)
}
