{%- set year = "extract(year from " ~ as_of_date() ~ ")" -%}
{#- For each active customer and contact rule, the latest day on which the contact was due. -#}
with rules as (
    select * from {{ ref('contact_rules') }}
),

lifecycle as (
    select * from {{ ref('customer_lifecycle') }}
    where stage not in ('prospect', 'lapsed')
),

relations as (
    select
        customer_key,
        began_on
    from {{ ref('int_value__relations') }}
    where lost_on is null
),

customers as (
    select
        customers.customer_key,
        customers.segment,
        customers.is_vip,
        customers.birth_date,
        lifecycle.first_began_on,
        relations.began_on,
        tiers.tier_rank
    from {{ ref('dim_customers') }} as customers
    inner join lifecycle on customers.customer_key = lifecycle.customer_key
    inner join relations on customers.customer_key = relations.customer_key
    left join {{ ref('loyalty_tiers') }} as tiers on customers.customer_key = tiers.customer_key
    where customers.is_current
),

complaints as (
    select
        customer_key,
        max({{ to_date('resolved_at') }}) as solved_on
    from {{ ref('fct_tickets') }}
    where is_complaint and is_resolved and resolved_at is not null
    group by customer_key
),

years as (
    select
        customer_key,
        birth_date,
        first_began_on,
        {{ add_months('birth_date', '12 * cast(' ~ year ~ ' - extract(year from birth_date) as integer)') }}
            as birthday,
        {{ add_months('first_began_on', '12 * cast(' ~ year ~ ' - extract(year from first_began_on) as integer)') }}
            as anniversary
    from customers
),

triggers as (
    select
        customer_key,
        'relation_began' as trigger_name,
        began_on as triggered_on
    from customers
    union all
    select
        customer_key,
        'relation_interval' as trigger_name,
        began_on as triggered_on
    from customers
    union all
    select
        customer_key,
        'birthday' as trigger_name,
        case when birthday <= {{ as_of_date() }} then birthday else {{ add_months('birthday', -12) }} end as triggered_on
    from years
    where birth_date is not null
    union all
    select
        customer_key,
        'anniversary' as trigger_name,
        case when anniversary <= {{ as_of_date() }} then anniversary else {{ add_months('anniversary', -12) }} end as triggered_on
    from years
    where {{ add_months('first_began_on', 12) }} <= {{ as_of_date() }}
    union all
    select
        customer_key,
        'complaint_solved' as trigger_name,
        solved_on as triggered_on
    from complaints
    where solved_on is not null
),

first_due as (
    select
        triggers.customer_key,
        rules.rule_code,
        rules.trigger as trigger_name,
        rules.interval_days,
        rules.late_days,
        {{ add_days('triggers.triggered_on', 'rules.offset_days') }} as first_due_on
    from triggers
    inner join rules on triggers.trigger_name = rules.trigger
    inner join customers on triggers.customer_key = customers.customer_key
    where
        rules.audience = 'all'
        or (rules.audience = 'vip' and customers.is_vip)
        or (rules.audience = 'segment' and customers.segment = rules.audience_value)
        or (rules.audience = 'tier' and customers.tier_rank >= {{ try_cast('rules.audience_value', 'bigint') }})
),

latest_due as (
    select
        *,
        case
            when trigger_name = 'relation_interval'
                then {{ add_days(
                    'first_due_on',
                    'interval_days * floor(' ~ days_between('first_due_on', as_of_date()) ~ ' / cast(interval_days as double))'
                ) }}
            else first_due_on
        end as due_on
    from first_due
),

final as (
    select
        customer_key,
        rule_code,
        due_on
    from latest_due
    where
        due_on <= {{ as_of_date() }}
        and due_on >= {{ add_days(as_of_date(), '-late_days') }}
        and (trigger_name != 'relation_interval' or due_on > first_due_on)
)

select * from final
