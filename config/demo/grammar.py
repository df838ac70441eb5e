"""Chinese text for complaints in bulk, joined from the pieces of a theme; and invented people to have said it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from config.demo.script import Caller
from config.demo.themes import Theme

T = TypeVar("T")

# Once in RARE_EVERY complaints the customer mentions it, and no other text here holds it: a word to search for.
RARE, RARE_EVERY = "虹膜", 5_000
FREQUENT = ("信用", "手续")

OPENINGS = (
    "",
    "你好，我要投诉。",
    "这件事我已经反映过一次了。",
    "我是你们行的老客户，存了很多年。",
    "我替家里老人来说。",
    "我本来不想投诉，实在没有办法。",
    "请如实记录我说的话。",
    "情况是这样的。",
)
CLOSINGS = (
    "",
    "请尽快给我一个说法。",
    "不解决我就向监管部门反映。",
    "希望不要再互相推诿。",
    "我有录音和截图。",
    "请不要再让我一遍一遍地说。",
    "希望书面答复。",
    "我只要一个合理的解释。",
    "这样下去谁还敢把钱放在你们这里。",
    "麻烦你们认真查一下。",
)
DETAILS = (
    "",
    "客服换了三个人，每个人说法都不同。",
    "大堂经理让我打客服电话，客服又让我找网点。",
    "工号我没有记，是一位戴眼镜的工作人员。",
    "相关凭证我都保留着。",
    "当时还有家人在场可以作证。",
    "我打了很多次电话，每次都说会有人回复。",
    "来回路费和误工都是我自己承担。",
    "我查了你们的公告，写得和实际办的不一样。",
    "手机上的记录我可以提供。",
)
NOTES = (
    "客户情绪较激动，回访时请放慢语速。",
    "已调取当日录像，保存至案卷。",
    "已与业务部门核对口径，结论出来前不作承诺。",
    "客户方便接听的时间是晚上六点以后。",
    "等待总行提供系统日志。",
    "已请合规同事看过回复稿。",
    "客户补充了两张截图。",
    "与上次反映的是同一笔业务。",
    "请注意办结日期。",
)
ANSWERS = (
    "已告知客户受理编号、办理流程和最迟答复日期，客户表示理解。",
    "已致电客户核实经过，说明正在调查，{count}个工作日内再次联系。",
    "已与客户通话，先行致歉，告知办理时限和投诉处理部门。",
    "短信告知已受理及最迟答复日期。",
)
REASONS = (
    "业务由贵部门主管，已向客户说明并完成首次响应，请接续调查。",
    "涉及系统记录，网点无查询权限，材料已上传。",
    "客户要求由业务部门直接答复，已约定今天回电。",
    "需核对合同原件，请协助办理。",
)
DECLINES = (
    "本案产品不属我部门管理，请转至主办部门。",
    "当事人为我部门同事，申请回避。",
    "材料不全，请补充受理记录后再移交。",
)
WITHDRAWALS = (
    "客户来电表示问题已自行解决，撤回投诉。",
    "客户确认是家人操作，书面撤回。",
    "客户接受网点当场解释，不再投诉。",
)
REOPENINGS = ("客户来电称退款未到账，要求继续处理。", "客户不认可答复，补充了新的凭证。", "客户反映同一问题再次发生。")
REMINDERS = ("请今天内给客户回电话。", "临近时限，请说明进展。", "")
PLANS = (
    "退还费用并向客户致歉。",
    "与合作机构协商，三日内给出方案。",
    "按合同约定解释，附收费依据。",
    "更正记录，通知客户。",
    "",
)
PLACES = ("解放路网点", "人民路网点", "西湖路网点", "文三路网点", "城东支行", "城西支行", "你们网点")
MOMENTS = ("上午九点多", "中午", "下午快下班的时候", "上周六", "昨天下午", "早上一开门")

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红梅文斌宇浩轩子涵欣怡梓晨思远嘉琪雨桐俊熙诗佳慧雪春海燕波辉峰晓东宁倩云飞鹏凯琳莉"  # noqa: E501
FIRMS = (
    "鑫达商贸有限公司",
    "和美餐饮店",
    "远航物流有限公司",
    "青禾农业合作社",
    "启明文具经营部",
    "安居装饰工程有限公司",
)
PHONE_HEADS = ("130", "133", "135", "136", "138", "139", "150", "152", "158", "159", "177", "181", "186", "188", "189")
AREAS = ("330102", "330106", "330108", "310115", "320106", "440305", "420106", "510107")
STREETS = ("解放路", "人民路", "文三路", "西湖路", "建设大道", "学院路", "滨江路", "环城北路")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
EPOCH = date(1950, 1, 1)


def identity_number(random: Random) -> str:
    """An invented number of a resident identity card whose check digit holds (GB 11643-1999)."""
    born = EPOCH + timedelta(days=int(random.random() * 20_000))
    body = f"{pick(random, AREAS)}{born:%Y%m%d}{int(random.random() * 1000):03d}"
    return body + "10X98765432"[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def pick(random: Random, choices: Sequence[T]) -> T:
    """One of the choices; quicker than `Random.choice`."""
    return choices[int(random.random() * len(choices))]


def person_name(random: Random) -> str:
    """A surname and one or two characters."""
    name = pick(random, SURNAMES) + pick(random, GIVEN)
    return name + pick(random, GIVEN) if random.random() < 0.7 else name


def phone(random: Random) -> str:
    return f"{pick(random, PHONE_HEADS)}{int(random.random() * 1e8):08d}"


def caller(random: Random, channel: str) -> Caller:
    """Who complains: mostly a person with a phone; some firms, agents, and people who leave nothing."""
    chance = random.random()
    if chance < 0.04 and channel in {"weibo", "other", "phone"}:
        return Caller(kind="unknown")
    name, number = person_name(random), phone(random)
    if chance < 0.08:
        code = f"91330100MA{int(random.random() * 1e8):08d}"
        return Caller(kind="firm", name=pick(random, FIRMS), phone=number, id_type="credit_code", id_number=code)
    person = Caller(name=name, phone=number)
    if chance < 0.14:
        person.kind, person.principal, person.authority = "agent", person_name(random), "授权委托书原件"
    if channel in {"visit", "letter", "regulator"} or chance > 0.7:
        person.id_type, person.id_number = "id_card", identity_number(random)
    if channel == "letter":
        person.address = f"{pick(random, STREETS)}{1 + int(random.random() * 400)}号"
    elif channel in {"email", "web", "app"}:
        person.email = f"u{int(random.random() * 1e7):07d}@example.com"
    return person


def slots(random: Random, received_on: date) -> dict[str, str]:
    """What the braces of a theme's pieces become in one complaint."""
    day = received_on - timedelta(days=1 + int(random.random() * 40))
    cents = int(random.lognormvariate(7.2, 1.4) * 100) + 500
    return {
        "amount": f"{cents / 100:.2f}" if random.random() < 0.4 else f"{cents // 10_000 * 100 + 100}",
        "day": f"{day.month}月{day.day}日",
        "tail": f"{int(random.random() * 10_000):04d}",
        "hours": str(2 + int(random.random() * 4)),
        "count": str(2 + int(random.random() * 11)),
        "place": pick(random, PLACES),
        "when": pick(random, MOMENTS),
    }


def narrative(random: Random, theme: Theme, filled: Mapping[str, str], *, rare: bool) -> str:
    """The customer's words: what happened, a detail or two, and how they ended."""
    parts = [pick(random, OPENINGS), pick(random, theme.stories).format_map(filled), pick(random, DETAILS)]
    if random.random() < 0.5:
        parts.append(pick(random, DETAILS))
    if rare:
        parts.append(f"柜台还要我做{RARE}识别，我不同意。")
    parts.append(pick(random, CLOSINGS))
    return "".join(parts)
