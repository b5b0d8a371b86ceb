import { defineCredential } from '../credential.ts'
import { howTo } from '../service/accounts.ts'

/** A store of objects: Amazon S3, or what speaks as it does. */
export const s3Account = defineCredential({
  id: 's3',
  title: 'S3',
  fields: [
    {
      name: 'endpoint',
      title: 'Address',
      help: 'Amazon: https://s3.REGION.amazonaws.com. Others show it as “endpoint”.',
      placeholder: 'https://s3.eu-central-1.amazonaws.com',
      isSecret: false,
    },
    {
      name: 'region',
      title: 'Region',
      placeholder: 'eu-central-1',
      help: 'Cloudflare R2: auto.',
      isSecret: false,
      isOptional: true,
    },
    {
      name: 'bucket',
      title: 'Bucket',
      help: 'That of steps which name none.',
      placeholder: 'reports',
      isSecret: false,
      isOptional: true,
    },
    { name: 'accessKeyId', title: 'Access key id', placeholder: 'AKIA…', isSecret: false },
    { name: 'secretAccessKey', title: 'Secret access key', isSecret: true },
  ],
  help: howTo(
    'Where keys are made',
    {
      title: 'Amazon',
      text: 'A user with a policy for one bucket, and “Security credentials” → “Create access key”.',
      link: { title: 'IAM', url: 'https://console.aws.amazon.com/iam' },
    },
    {
      title: 'Cloudflare R2, Backblaze B2, Wasabi, Hetzner, MinIO',
      text: 'Each has “API tokens”, “Application keys” or “Access keys” for S3.',
    },
  ),
  async test({ fields, http, clock }) {
    const { s3Client } = await import('./s3-client.ts')
    return s3Client(fields, { http, clock }).whoIs()
  },
})
