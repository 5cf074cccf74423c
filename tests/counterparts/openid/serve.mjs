// Starts a real OpenID provider on loopback and prints its address as one line of JSON. It ends when its standard
// input does. Past the protocol a test may say who sits at the browser (POST /test/who) and change the keys
// (POST /test/keys): the person at the door is the only part that is not the provider's own.
import http from 'node:http'
import { generateKeyPairSync, randomUUID } from 'node:crypto'

import Provider from 'oidc-provider'

const [client, secret, back, left] = process.argv.slice(2)
const silent = () => {}
console.warn = silent
console.info = silent
let who = {}
const people = new Map()

const body = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString() || '{}')
}

const made = (issuer, alg) => {
  const pair = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { ...pair.privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID() }
  return new Provider(issuer, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [back],
        post_logout_redirect_uris: [left],
        id_token_signed_response_alg: alg,
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['prueba'] },
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/puerta/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
}

let provider
let answer
const start = (issuer, alg) => {
  provider = made(issuer, alg)
  answer = provider.callback()
}

const server = http.createServer(async (request, response) => {
  if (request.url === '/test/who') {
    who = await body(request)
    people.set(who.sub, who.claims)
    response.end('{}')
  } else if (request.url === '/test/keys') {
    start(issuer, (await body(request)).alg)
    response.end('{}')
  } else if (request.url.startsWith('/puerta/')) {
    const result = who.sub
      ? { login: { accountId: who.sub, acr: who.acr, amr: who.amr } }
      : { error: 'access_denied', error_description: 'nobody sits here' }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  } else {
    answer(request, response)
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${server.address().port}`
start(issuer, 'RS256')
process.stdout.write(`${JSON.stringify({ issuer })}\n`)
process.stdin.on('end', () => process.exit(0)).resume()
