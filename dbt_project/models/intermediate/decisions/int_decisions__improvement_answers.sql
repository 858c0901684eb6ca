{#- Answers of the group that the action addresses and of its control group, before and after the start. -#}
with register as (
    select * from {{ ref('improvement_register') }}
    where company = '{{ var("company", "demo") }}' and started_on < {{ as_of_date() }}
),

responses as (
    select * from {{ ref('int_survey_responses') }}
),

answers_around_start as (
    select
        register.action_id,
        responses.response_id,
        responses.customer_key,
        case when responses.response_date < register.started_on then 'before' else 'after' end as period,
        {{ answer_dimension('register.scope_dimension') }} = register.scope_value as is_scope,
        {{ answer_dimension('register.control_dimension') }} = register.control_value as is_control,
        cast(case register.metric
            when 'csat_mean' then responses.csat
            when 'csat_top2' then {{ csat_top_box_points('responses.csat') }}
            when 'ces_mean' then responses.ces
            when 'nps' then {{ nps_points('responses.nps') }}
        end as double) as value
    from register
    inner join responses
        on responses.response_date >= {{ add_days('register.started_on', '-register.window_days') }}
        and responses.response_date < {{ add_days('register.started_on', 'register.window_days') }}
        and (register.touchpoint is null or register.touchpoint = responses.touchpoint)
),

final as (
    select
        action_id,
        response_id,
        customer_key,
        period,
        case when is_scope then 'scope' else 'control' end as compared_group,
        value
    from answers_around_start
    where value is not null and (is_scope or is_control)
)

select * from final
