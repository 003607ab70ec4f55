// Asks for client_credentials tokens over 16 connections until the server is gone, and writes down the id of every token it was given.
// A line in the file means that the whole response had arrived.
import { Agent, request } from "node:http";
import { appendFileSync } from "node:fs";

const [, , issuer, file] = process.argv;
const { CLIENT_ID, CLIENT_SECRET } = process.env;
const CONNECTIONS = 16;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const body = "grant_type=client_credentials";
const options = {
  method: "POST",
  agent,
  headers: {
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`).toString("base64")}`,
    "content-type": "application/x-www-form-urlencoded",
    "content-length": body.length,
  },
};

const token = () =>
  new Promise((resolve, reject) => {
    const sent = request(`${issuer}/oauth2/token`, options, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("aborted", () => reject(new Error("aborted")));
      response.on("end", () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    sent.on("error", reject);
    sent.end(body);
  });

let refused = 0;
async function loop() {
  for (;;) {
    let answer;
    try {
      answer = await token();
    } catch {
      return;
    }
    if (answer.status === 200) {
      const [, claims] = JSON.parse(answer.text).access_token.split(".");
      appendFileSync(file, `${JSON.parse(Buffer.from(claims, "base64url")).jti}\n`);
    } else if (++refused > 1000) {
      return;
    }
  }
}

await Promise.all(Array.from({ length: CONNECTIONS }, loop));
