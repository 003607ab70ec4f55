-- What each scenario sends; the environment says which one and with what.

local scenario = os.getenv("SCENARIO")

local function with(authorization)
  return { ["Content-Type"] = "application/x-www-form-urlencoded", ["Authorization"] = "Basic " .. authorization }
end

local function always(method, path, headers, body)
  local text
  return function()
    text = text or wrk.format(method, path, headers, body)
    return text
  end
end

-- The verifier and challenge of RFC 7636, appendix B.
local verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
local challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
local callback = "http%3A%2F%2Flocalhost%3A9799%2Fcb"
local codes = {}
local number = 0

local function flow()
  local code = table.remove(codes)
  if code then
    local body = "grant_type=authorization_code&redirect_uri=" .. callback .. "&code_verifier=" .. verifier .. "&code=" .. code
    return wrk.format("POST", "/oauth2/token", with(os.getenv("WEB")), body)
  end
  local query = "response_type=code&scope=openid%20email&state=s&nonce=n&redirect_uri=" .. callback .. "&client_id=" .. os.getenv("CLIENT")
    .. "&code_challenge_method=S256&code_challenge=" .. challenge
  return wrk.format("GET", "/oauth2/authorize?" .. query, { ["Cookie"] = os.getenv("COOKIE") })
end

local function sign_in()
  number = number + 1
  -- Each from an address of its own, or the limit by address would be what is measured.
  local address = string.format("10.%d.%d.%d", math.floor(number / 65536) % 256, math.floor(number / 256) % 256, number % 256)
  local body = string.format('{"email":"user%d@example.test","password":"a long phrase for the bench"}', number % tonumber(os.getenv("USERS")) + 1)
  return wrk.format("POST", "/v1/auth/login", { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = address }, body)
end

-- One assertion a request; who has used them all stops, and is not measured by refusals.
local function assertion()
  local lines = io.lines(os.getenv("ASSERTIONS"))
  local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  local kind = "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
  return function()
    local line = lines()
    if not line then
      wrk.thread:stop()
      line = "none"
    end
    return wrk.format("POST", "/api/v1/token", form, kind .. line)
  end
end

local requests = {
  discovery = always("GET", "/.well-known/openid-configuration", {}),
  jwks = always("GET", "/oauth2/jwks", {}),
  token_es256 = always("POST", "/oauth2/token", with(os.getenv("ES256")), "grant_type=client_credentials"),
  token_rs256 = always("POST", "/oauth2/token", with(os.getenv("RS256")), "grant_type=client_credentials"),
  introspection = always("POST", "/oauth2/introspect", with(os.getenv("ES256")), "token=" .. os.getenv("TOKEN")),
  agent_es256 = always("POST", "/api/v1/token", with(os.getenv("AGENT_ES256")), "grant_type=client_credentials"),
  agent_rs256 = always("POST", "/api/v1/token", with(os.getenv("AGENT_RS256")), "grant_type=client_credentials"),
  agent_introspection = always("POST", "/api/v1/token/introspect", with(os.getenv("AGENT_ES256")), "token=" .. os.getenv("AGENT_TOKEN")),
  session = always("GET", "/v1/auth/session", { ["Cookie"] = os.getenv("COOKIE") }),
  code_flow = flow,
  sign_in = sign_in,
}

requests.agent_key_es256 = scenario == "agent_key_es256" and assertion()
requests.agent_key_rs256 = scenario == "agent_key_rs256" and assertion()

request = requests[scenario] or error("no scenario " .. scenario)

-- wrk does not parse answers that nobody looks at; errors it counts itself.
if scenario == "code_flow" then
  function response(_, headers)
    local location = headers["Location"] or headers["location"]
    local code = location and location:match("[?&]code=([^&]+)")
    if code then
      table.insert(codes, code)
    end
  end
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
