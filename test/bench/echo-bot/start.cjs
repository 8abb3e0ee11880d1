/* Starts the echo bot. The one thing the SDK's settings cannot point elsewhere: before its first token MSAL asks Microsoft
   whether the login service is one of theirs. That single request goes to the bench's channel; nothing is left behind it. */
const https = require('node:https');

const channel = new URL(process.env.ToChannelFromBotLoginUrl);
const { request } = https;
https.request = (options, ...rest) => {
  if (options.hostname !== 'login.microsoftonline.com') return request(options, ...rest);
  https.request = request;
  return request({ ...options, host: channel.host, hostname: channel.hostname, port: channel.port }, ...rest);
};

require('./index.cjs');
