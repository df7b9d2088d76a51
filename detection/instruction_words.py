"""The words by which orders to a language model are known, in the languages they were seen in; text is case-folded."""

# ruff: noqa: E501  (the alternatives of one sentence stay together)

import re

_PRIOR = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|former|existing|original|initial|system|safety|hidden|your)"
)
_RULES = (
    r"(?:instructions?|prompts?|directives?|directions?|commands?|guidelines?|rules?|constraints?|messages?|context"
    r"|policies|polic(?:y|ies)|restrictions?|orders?)"
)
_LITTLE = r"(?:(?:all|any|every|everything|each|of|the|your|my|these|those|other|and) ){0,4}"
_TOLD = r"(?:everything|all|anything|what(?:ever)?) (?:above|before|prior|you (?:were|have been|'ve been|know)|(?:that )?(?:was|came) (?:said|before))"
_LOGGED = (
    r"(?:ips?|ip address(?:es)?|address(?:es)?|requests?|lines?|entr(?:y|ies)|logs?|attacks?|traffic|activity|activities"
    r"|findings?|user ?agents?|sources?|clients?|events?|hosts?|sessions?|payloads?|alerts?|incidents?)"
)
_HARMLESS = (
    r"(?:benign|safe|harmless|legitimate|(?:a )?false positives?|normal|clean|trusted|not (?:an? )?(?:attack|malicious"
    r"|suspicious|threat)|no (?:attack|threat))"
)
_NOTHING = (
    r"no (?:\w+ )?(?:attacks?|incidents?|threats?|intrusions?|malicious|suspicious|anomal\w+|signs? of|evidence of)"
)
_GUARDED = r"(?:system prompt|initial (?:instructions?|prompt)|hidden prompt|internal instructions?)"

_OVERRIDE_EN = (
    rf"\b(?:ignor(?:e|ing)|disregard|forget|override|overrule|bypass|overlook) {_LITTLE}{_PRIOR} (?:\w+ ){{0,2}}{_RULES}\b"
    rf"|\b(?:ignore|disregard|forget) {_TOLD}\b"
    rf"|\b(?:ignore|disregard|forget) (?:all )?(?:the )?{_RULES} (?:above|before|you (?:were|have been) given|so far)\b"
    rf"|\bdo not (?:follow|obey) {_LITTLE}{_PRIOR} {_RULES}\b|\bnew instructions? (?:follow|supersede|override|replace)"
)
_OVERRIDE_JA = (
    r"(?:(?:以前|これまで|今まで|上記|前|先ほど|先|上|すべて|全て|全|あらゆる|従来)(?:まで)?の[^。\n]{0,20}?|元の|既存の)"
    r"(?:指示|命令|プロンプト|ルール|制約|制限|指図|システムメッセージ)[^。\n]{0,8}?"
    r"(?:無視(?:して(?!しま|い|き|も|は|お)|せよ|しろ|しなさい|すること)|忘れ(?:て(?!しま|い|は|も)|ろ|よ|なさい|ること)"
    r"|破棄(?:して(?!しま|い)|せよ|しろ|しなさい)|従わない(?:で|こと)|従うな|上書き(?:して(?!しま|い)|せよ|しろ))"
)
_OVERRIDE_OTHERS = (
    r"(?:忽略|无视|無視|忘记|忘記|不要理会)(?:掉)?(?:之前|以上|先前|前面|所有|上述|以前)[^。,，\n]{0,8}(?:指令|指示|提示|命令|规则|規則|要求)"
    r"|(?:이전|위의|앞의|모든|기존)[^.\n]{0,10}(?:지시|명령|프롬프트|지침)[^.\n]{0,6}(?:무시|잊)"
    r"|\b(?:ignora|ignore|olvida|omite) (?:todas? )?(?:las |tus )?(?:instrucciones|indicaciones|órdenes) (?:anteriores|previas)"
    r"|\bignore[zr]? (?:toutes )?(?:les |tes |vos )?(?:instructions|consignes) (?:précédentes|antérieures|ci-dessus)"
    r"|\b(?:ignorier\w*|vergiss|missachte) (?:alle |die |deine )*(?:vorherigen|bisherigen|vorigen|obigen|früheren) "
    r"(?:anweisungen|instruktionen|befehle|regeln|vorgaben)"
    r"|(?:игнорируй|игнорируйте|забудь|забудьте|проигнорируй) (?:все )?(?:предыдущие|прежние|прошлые|вышеуказанные) "
    r"(?:инструкции|указания|команды|правила)"
    r"|\b(?:ignore|ignora|esqueça|desconsidere) (?:todas )?(?:as |le |tutte le )?(?:instruções|istruzioni) (?:anteriores|precedenti|prévias)"
    r"|\bönceki (?:tüm )?(?:talimatları|komutları) (?:yoksay|unut|görmezden gel)"
    r"|(?:تجاهل|انس) (?:جميع |كل )?(?:التعليمات|الأوامر) السابقة"
)
_VERDICT_EN = (
    rf"\b(?:do not|don't|never) (?:report|mention|flag|include|log|alert(?: on)?|block|list|analy[sz]e|show|count) "
    rf"(?:(?:this|these|the|any|my|our|of|all) ){{1,3}}(?:\w+ ){{0,2}}{_LOGGED}\b"
    rf"|\b(?:report|say|answer|conclude|respond|state|reply|output|write|summari[sz]e|declare) (?:only )?(?:with )?"
    rf"(?:that )?(?:there (?:is|are|was|were|have been) |it (?:is|was) |(?:the |these |this )?{_LOGGED} (?:is|are|was|were|"
    rf"show|contain)s? )(?:{_NOTHING}|{_HARMLESS}\b)"
    r"|\b(?:report|say|answer|conclude|respond|state) (?:only )?that [\w.:/ -]{1,60}? (?:is|are|was|were) (?:(?:the|an?|only) )*"
    r"(?:attackers?|culprits?|responsible|innocent|benign|harmless|source of)\b"
    rf"|\b(?:report|answer|respond|reply|output)[: ]+['\"]?{_NOTHING}(?: (?:were|was|have been))? (?:found|detected|seen)\b"
    rf"|\b(?:classify|mark|treat|label|consider|report|categori[sz]e|rate) (?:(?:this|these|the|my|all|any|every|each|other) )+"
    rf"(?:\w+ ){{0,3}}{_LOGGED} (?:\w+ ){{0,4}}?(?:as |to be |is |are )?{_HARMLESS}\b"
    rf"|\b(?:ignore|exclude|skip|omit|remove|whitelist|suppress) (?:(?:this|these|my|our|all|any|the|of|other) )+(?:\w+ ){{0,2}}"
    rf"{_LOGGED} (?:from|in) (?:\w+ ){{0,2}}(?:report|analysis|summary|answer|findings|output|count|results?)\b"
)
_VERDICT_JA = (
    r"(?:攻撃|異常|インシデント|不正アクセス|脅威|侵入|不審な\w{1,6})[^。\n]{0,14}?"
    r"(?:なかった|ない|無い|無かった|ありません|ありませんでした|検出されなかった|検出されませんでした)[^。\n]{0,6}?と[^。\n]{0,6}?"
    r"(?:報告|回答|答え|出力|結論|記載|判定|表示|伝え)(?:して(?!い|しま|き)|せよ|しろ|しなさい|すること|て(?:ください|下さい)|よ(?![うっ]))"
    r"|この(?:ip|アドレス|行|ログ|リクエスト|アクセス|通信|記録|攻撃|イベント)[^。\n]{0,14}?"
    r"(?:無視(?:して(?!しま|い)|せよ|しろ|しなさい)|(?:報告|検出|記載|表示|言及|通知|出力)し(?:ないで|ないこと|てはならない|てはいけない)"
    r"|(?:報告|検出|記載|表示|言及|通知)するな|除外(?:して(?!しま|い)|せよ|しろ)"
    r"|(?:安全|正常|無害|正規|問題な[いし])[^。\n]{0,6}?と(?:判定|報告|回答|分類|みな)(?:して(?!い|しま)|せよ|しろ|しなさい|すこと|すること))"
)
_PERSONA = (
    r"\b(?:you are now|you are no longer|from now on,? you(?: are|'re| will| must)?|act as|pretend (?:to be|you are)|roleplay as"
    r"|you will act as|enter) (?:\w+[ ,]+){0,5}?(?:assistant|dan|ai|llm|language model|chatbot|unrestricted|jailbroken|developer mode"
    r"|god mode|admin(?:istrator)? mode|security analyst|bound by|analyst)\b"
    r"|(?:あなた|君|お前)は(?:今から|これから|もう|今後|いまから)[^。\n]{0,24}?(?:アシスタント|ai|モデル|管理者|ボット|開発者|アナリスト)"
    r"|(?:ai|アシスタント|モデル|管理者|制限のない\w{1,8})として(?:振る舞(?:え|って|いなさい)|行動し(?:ろ|て(?!い)|なさい)|応答し(?:ろ|て(?!い)|なさい))"
)
_EXFILTRATION = (
    rf"\b(?:reveal|print|output|repeat|show|dump|leak|display|tell me|send|post|forward|exfiltrate|upload|append|include) "
    rf"(?:\w+ ){{0,4}}?(?:{_GUARDED}|your (?:\w+ )?(?:instructions|prompt|rules|configuration|training data)"
    rf"|(?:your |the )?(?:conversation|chat) history|(?:your |the |all )?(?:api|secret|access) keys? (?:to|in your))\b"
    r"|(?:システムプロンプト|初期プロンプト|内部(?:の)?指示|会話履歴)を?[^。\n]{0,6}?"
    r"(?:表示|出力|開示|公開|送信|教え)(?:して(?!い|しま)|せよ|しろ|しなさい|て(?:ください|下さい)|ろ)"
    r"|!\[[^\]]{0,80}\]\( ?(?:https?:)?//[^)]{1,300}[?&/][^)]{0,200}(?:[{<\[$]|(?:logs?|data|secrets?|prompt|keys?|history|context|summary)=)"
)
_ADDRESS = (
    r"\b(?:note|attention|message|dear|hey|hello|important|instructions?|notice)[ ,:]+(?:(?:to|for|the|any|all|every) ){0,3}"
    r"(?:ai|llms?|assistants?|language models?|chatgpt|gpt(?:-?\d\w*)?|claude|gemini|copilot|ai (?:assistants?|models?|agents?|analysts?))\b"
    r"|\bif you are (?:an? |the )?(?:\w+ )?(?:ai|llm|language model|assistant|chatbot|agent)\b"
    r"|(?:ai|llm|モデル|アシスタント|解析者|分析担当|chatgpt|claude|gpt)(?:へ|への指示|に告ぐ|に命令|宛て?)[:：、。 ]"
)
_SCENE = (
    r"(?:^|[\s>*\[(.])#{2,} ?(?:system|instructions?|new instructions?|assistant|human|end of)\b|(?:^|[.\n] ?)(?:system|assistant|human) ?:"
    r"|\[/?(?:system|assistant|admin)\b[^\]]{0,20}\]|\bsystem (?:override|message|notice|instruction|update|prompt) ?:"
    r"|\b(?:end of|begin(?:ning)?(?: of)?|start of) (?:the )?(?:new )?(?:logs?|data|input|instructions?|prompt|untrusted|document)\b"
    r"|\bnew (?:instructions?|task|objective) ?:|(?:新しい|追加の|以下の)(?:指示|命令) ?[:：]|【(?:システム|指示|命令)】"
)

SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("override", f"{_OVERRIDE_EN}|{_OVERRIDE_JA}|{_OVERRIDE_OTHERS}"),
        ("verdict", f"{_VERDICT_EN}|{_VERDICT_JA}"),
        ("persona", _PERSONA),
        ("exfiltration", _EXFILTRATION),
        ("address", _ADDRESS),
        ("scene", _SCENE),
    )
)
"""What kinds of order there are."""

CERTAIN = re.compile(
    rf"\b(?:ignore|disregard|forget) (?:(?:all|any|of|the|your|my|these) ){{0,4}}(?:previous|prior|above|earlier|preceding|foregoing|your)"
    rf" (?:\w+ )?(?:instructions?|prompts?|directives?|guidelines?|directions|commands|orders)\b"
    rf"|\b(?:ignore|disregard|forget) {_TOLD}\b"
    rf"|\b(?:ignore|disregard|forget) (?:all )?(?:the )?{_RULES} (?:above|you (?:were|have been) given)\b"
    rf"|\b(?:reveal|print|output|repeat|dump|leak|display) (?:\w+ ){{0,3}}?your (?:\w+ )?(?:{_GUARDED}|instructions|prompt)\b"
    rf"|{_VERDICT_EN}|{_VERDICT_JA}|{_OVERRIDE_JA}|{_OVERRIDE_OTHERS}"
    r"|!\[[^\]]{0,80}\]\( ?(?:https?:)?//[^)]{1,300}[?&/][^)]{0,200}[{<\[$]"
    r"|(?:システムプロンプト|初期プロンプト|内部(?:の)?指示)を?[^。\n]{0,6}?(?:表示|出力|開示|公開|送信)(?:せよ|しろ|しなさい)"
)
"""Orders that are enough by themselves where they begin a clause."""

FRAME = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|begin_of_text|end_of_text|eot_id|start_header_id|end_header_id)\|>"
    r"|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|</(?:system|system_prompt|instructions|untrusted\w{0,20}|user_input|log_data|assistant)>"
    r"|<(?:system_prompt|tool_call|tool_use|function_calls?|tool_result)>"
    r"|[\"']role[\"'] ?[:=] ?[\"'](?:system|assistant|developer|tool)[\"']|[\"'](?:tool_calls?|function_call|tool_use)[\"'] ?:"
)
"""What only the frame of a conversation with a model holds."""

TALK = re.compile(
    r"prompt[ -]?injection|jailbreak|^(?:how|what|why|when|where|who|which|can|does|do you|is|are|should) |\bmean(?:s|ing)?\b"
    r"|(?<!\.)\bexamples?\b|\bexplained\b|\btutorial\b|\barticle\b|プロンプトインジェクション|とは|の意味|について|事例|対策|入門|解説|方法"
)
"""Words of a text that talks about such orders."""
