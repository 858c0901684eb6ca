{#- Tries the reasons from the strongest to the weakest. The first one with a playbook action whose minimum value the
    customer reaches determines the action. -#}
with churn as (
    select * from {{ ref('churn') }}
),

reasons as (
    select * from {{ ref('churn_reasons') }}
),

features as (
    select * from {{ ref('customer_features') }}
    where as_of = {{ as_of_date() }}
),

playbook as (
    select * from {{ ref('playbook_actions') }}
),

reasons_and_default as (
    select
        customer_key,
        reason_rank,
        reason_code
    from reasons
    union all
    select
        customer_key,
        9999 as reason_rank,
        'any' as reason_code
    from churn
),

matching_actions as (
    select
        reasons_and_default.customer_key,
        playbook.action_code,
        row_number() over (
            partition by reasons_and_default.customer_key
            order by reasons_and_default.reason_rank, playbook.priority, playbook.action_code
        ) as fit_rank
    from reasons_and_default
    inner join features on reasons_and_default.customer_key = features.customer_key
    inner join playbook
        on reasons_and_default.reason_code = playbook.reason_code
        and features.expected_value_cents >= playbook.min_value_cents
),

final as (
    select
        churn.customer_key,
        churn.churn_probability,
        churn.risk_decile,
        features.expected_value_cents,
        {{ has_left_already('features.attributes') }} as has_left_already,
        {{ steady('churn.churn_probability * features.expected_value_cents') }} as value_at_risk_cents,
        {{ steady(
            'churn.churn_probability * features.expected_value_cents * ' ~ var('retention_save_share')
            ~ ' - ' ~ var('retention_contact_cost_cents') ~ ' - coalesce(playbook.cost_cents, 0)'
        ) }} as expected_profit_cents,
        playbook.action_code,
        playbook.description_en as action_en,
        playbook.description_zh as action_zh,
        playbook.offer_en,
        playbook.offer_zh,
        playbook.script_en,
        playbook.script_zh,
        playbook.channel as action_channel,
        playbook.owner_role
    from churn
    inner join features on churn.customer_key = features.customer_key
    left join matching_actions
        on churn.customer_key = matching_actions.customer_key
        and matching_actions.fit_rank = 1
    left join playbook on matching_actions.action_code = playbook.action_code
)

select * from final
