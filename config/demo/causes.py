"""The catalogues of 示例银行: causes in four levels, and products.

Level 1 is the business (B), level 2 what went wrong, level 3 how it showed: these are chosen at intake. Level 4 is the
cause proper, which the handler establishes (R190). Words after the tables B and C of JR/T 0169-2018 as far as they are
known (domain 2.7), and R53 to R58, R93 and the insurers' dispute kinds (domain 2.6) for securities, funds and insurance.
"""

from django.db import transaction

from complaints.models import Cause, Product

# An outline: the indent is the level. A code is the parent's code and two letters or digits more.
OUTLINE = """
CD 银行卡
  CDCR 信用卡
    CDCR1 盗刷与争议交易
      CDCR1a 因消费者资金安全：商户侧冒用
      CDCR1b 因消费者信息安全：短信验证码被骗取
    CDCR2 年费、利息与手续费
      CDCR2a 因定价收费：免年费条件未说明
      CDCR2b 因定价收费：分期手续费与宣传不符
    CDCR3 账单分期与额度
      CDCR3a 因营销方式和手段：未经同意办理分期
  CDDB 借记卡
    CDDB1 账户被限制交易
      CDDB1a 因管理制度、业务规则与流程：风控误判
    CDDB2 短信费等代扣费用
      CDDB2a 因自主选择权：默认开通收费服务
    CDDB3 自助机具吞卡、少吐钞
      CDDB3a 因服务设施、设备、业务系统：机具故障
LN 贷款
  LNHM 个人住房贷款
    LNHM1 提前还款
      LNHM1a 因管理制度、业务规则与流程：预约排期过长
    LNHM2 利率调整
      LNHM2a 因信息披露：调整前未通知
  LNCS 个人消费贷款
    LNCS1 合同与费用
      LNCS1a 因合同条款：提前结清违约金
    LNCS2 征信记录
      LNCS2a 因管理制度、业务规则与流程：结清后报送延迟
  LNDC 债务催收
    LNDC1 催收方式
      LNDC1a 因债务催收方式和手段：联系无关第三人
      LNDC1b 因债务催收方式和手段：外包人员言语不当
WM 理财与代理
  WMOW 自营理财
    WMOW1 产品收益
      WMOW1a 因产品收益：净值波动未充分提示
    WMOW2 到期与赎回
      WMOW2a 因合同条款：赎回确认时间误解
  WMIN 代理保险
    WMIN1 销售误导
      WMIN1a 因营销方式和手段：存单变保单
      WMIN1b 因营销方式和手段：夸大收益
    WMIN2 退保纠纷
      WMIN2a 因合同条款：退保损失未说明
    WMIN3 理赔纠纷
      WMIN3a 因管理制度、业务规则与流程：材料反复补交
  WMFD 代理基金
    WMFD1 适当性与亏损
      WMFD1a 因营销方式和手段：产品与风险承受能力不匹配
    WMFD2 赎回与到账
      WMFD2a 因信息披露：赎回规则未说明
SE 证券
  SEBR 经纪业务
    SEBR1 佣金与费用
      SEBR1a 因定价收费：佣金调整未告知
    SEBR2 两融与强制平仓
      SEBR2a 因信息披露：追保通知未送达
    SEBR3 新股申购
      SEBR3a 因服务设施、设备、业务系统：中签缴款提醒缺失
PY 支付结算
  PYTR 转账汇款
    PYTR1 到账延迟
      PYTR1a 因服务设施、设备、业务系统：清算批次延迟
    PYTR2 交易限额
      PYTR2a 因管理制度、业务规则与流程：非柜面限额下调
  PYEL 电子支付
    PYEL1 手机银行登录与操作
      PYEL1a 因服务设施、设备、业务系统：升级后闪退
SV 服务
  SVCT 营业现场
    SVCT1 排队等候
      SVCT1a 因服务设施、设备、业务系统：叫号跳号
    SVCT2 服务态度
      SVCT2a 因服务态度及服务质量：语言生硬
    SVCT3 无障碍与特殊群体
      SVCT3a 因服务态度及服务质量：未提供上门服务
  SVIN 个人金融信息
    SVIN1 信息泄露与营销骚扰
      SVIN1a 因消费者信息安全：名单外传
      SVIN1b 因营销方式和手段：拒绝后仍致电
"""

PRODUCTS = (
    ("CREDIT-CARD", "信用卡"),
    ("DEBIT-CARD", "借记卡"),
    ("DEPOSIT", "储蓄存款"),
    ("MORTGAGE", "个人住房贷款"),
    ("CONSUMER-LOAN", "个人消费贷款"),
    ("WEALTH", "自营理财产品"),
    ("FUND", "代销公募基金"),
    ("INSURANCE", "代理保险"),
    ("BROKERAGE", "证券经纪"),
    ("TRANSFER", "转账汇款"),
    ("MOBILE", "手机银行"),
    ("COUNTER", "柜面服务"),
)


@transaction.atomic
def fill() -> None:
    """Fill both catalogues."""
    above: dict[int, Cause] = {}
    for line in filter(None, OUTLINE.splitlines()):
        level = (len(line) - len(line.lstrip())) // 2
        code, name = line.split(maxsplit=1)
        above[level] = Cause.objects.create(code=code, name=name, parent=above.get(level - 1) if level else None)
    for code, name in PRODUCTS:
        Product.objects.create(code=code, name=name)
